//! Reference data of Noord-Holland: districts, basisteams and municipalities.
//!
//! Districts and basisteams are those of the Ondermijningsplan Noord-Holland 2025-2028. Which municipality belongs to
//! which basisteam is general knowledge, to be confirmed by the region; an administrator can change it.

/// A municipality with its place in the region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Municipality {
    /// The municipality's name.
    pub name: &'static str,
    /// The basisteam of the police.
    pub team: &'static str,
    /// The district.
    pub district: &'static str,
}

/// A district with its basisteams and their municipalities.
pub struct District {
    /// The district's name.
    pub name: &'static str,
    /// The centre municipality of its district team for Bestuurlijk Toezicht Prostitutie.
    pub centre: &'static str,
    /// Basisteams: name and municipalities.
    pub teams: &'static [(&'static str, &'static [&'static str])],
}

/// The three districts.
pub const DISTRICTS: &[District] = &[
    District {
        name: "Noord-Holland Noord",
        centre: "Alkmaar",
        teams: &[
            ("Den Helder", &["Den Helder", "Hollands Kroon", "Schagen", "Texel"]),
            ("Alkmaar", &["Alkmaar", "Bergen", "Castricum", "Heiloo"]),
            ("Dijk en Waard", &["Dijk en Waard"]),
            (
                "West-Friesland",
                &["Drechterland", "Enkhuizen", "Hoorn", "Koggenland", "Medemblik", "Opmeer", "Stede Broec"],
            ),
        ],
    },
    District {
        name: "Zaanstreek-Waterland",
        centre: "Zaanstad",
        teams: &[
            ("Zaanstad", &["Oostzaan", "Wormerland", "Zaanstad"]),
            ("Purmerend", &["Edam-Volendam", "Landsmeer", "Purmerend", "Waterland"]),
        ],
    },
    District {
        name: "Kennemerland",
        centre: "Haarlem",
        teams: &[
            ("Haarlem", &["Haarlem"]),
            ("Haarlemmermeer", &["Haarlemmermeer"]),
            ("IJmond", &["Beverwijk", "Heemskerk", "Uitgeest", "Velsen"]),
            ("Kennemerkust", &["Bloemendaal", "Heemstede", "Zandvoort"]),
        ],
    },
];

/// All municipalities in the order of the districts.
pub fn municipalities() -> impl Iterator<Item = Municipality> {
    DISTRICTS.iter().flat_map(|district| {
        district.teams.iter().flat_map(move |(team, names)| {
            names.iter().map(move |name| Municipality { name, team, district: district.name })
        })
    })
}

/// The municipality with this name, in whatever case.
pub fn municipality(name: &str) -> Option<Municipality> {
    municipalities().find(|municipality| municipality.name.eq_ignore_ascii_case(name.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_has_three_districts_ten_teams_and_thirty_two_municipalities() {
        assert_eq!(DISTRICTS.len(), 3);
        assert_eq!(DISTRICTS.iter().map(|district| district.teams.len()).sum::<usize>(), 10);
        assert_eq!(municipalities().count(), 32);
    }

    #[test]
    fn every_centre_municipality_lies_in_its_own_district() {
        for district in DISTRICTS {
            assert_eq!(municipality(district.centre).map(|found| found.district), Some(district.name));
        }
    }
}
