// Made by `cargo xtask types` from crates/app/src/api. A test fails when it is stale; don't change it by hand.

/**
 * What an answer is about, in a checklist without persons. There is deliberately no word for a person.
 */
export type About = "place" | "organisation" | "method" | "team";

/**
 * Adds an item to a set, with its first fields.
 */
export type AddItem = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * The set.
 */
set: SetKind, 
/**
 * The question to which it belongs.
 */
slot: Slot | null, 
/**
 * The item to which it belongs.
 */
parent: ItemId | null, 
/**
 * Its first fields.
 */
fields: Array<[Field, Value]>, 
/**
 * The regime of a finding; supervision when absent. Under investigation it is kept in a closed stream.
 */
regime: Regime | null, };

/**
 * Adds the person of a known device to the team.
 */
export type AddMember = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * The device.
 */
device: DeviceId, };

/**
 * An address; barns often have none of their own, so free text is always allowed.
 */
export type Address = { 
/**
 * Street and number as read on the spot, such as `Kraaienhofsweg 12`.
 */
line: string, 
/**
 * Postcode without a space, such as `1483AB`; empty when unknown.
 */
postcode?: string, 
/**
 * Town or village.
 */
town?: string, 
/**
 * Municipality by name.
 */
municipality?: string, 
/**
 * BAG nummeraanduiding id (16 digits) when looked up.
 */
bag_id?: string | null, 
/**
 * Which part: a building, a room, "achter de stal".
 */
part?: string, };

/**
 * How far the app is, and for whom.
 */
export type AppStatus = { 
/**
 * How far.
 */
phase: Phase, 
/**
 * What unlocks it.
 */
secret: SecretKind, 
/**
 * Seconds to wait before the next try, after wrong ones; 0 when a try is welcome.
 */
wait_seconds: number, 
/**
 * Wrong tries since the last right one.
 */
wrong_tries: number, 
/**
 * Name of the person of this device; empty before enrolment and while locked.
 */
person: string, 
/**
 * The person's function.
 */
function: string, 
/**
 * What the person is: `inspector`, `investigating_officer`, `team_leader`, `agri_coach`, `coordinator` or another; empty
 * before enrolment and while locked.
 */
role: string, 
/**
 * The organisation's name.
 */
organisation: string, 
/**
 * The device's name, such as `ALK-07`.
 */
device: string, 
/**
 * The backend's name for people.
 */
backend: string, 
/**
 * One line about the network and what waits.
 */
sync: SyncLine, };

/**
 * A part of the checklist for which the team leader asked somebody.
 */
export type AskedPart = { 
/**
 * The section.
 */
section: string, 
/**
 * The group's item.
 */
item: ItemId | null, 
/**
 * Who was asked; none while people differ.
 */
person: PersonId | null, 
/**
 * Their name.
 */
name: string, 
/**
 * Whether it is the person of this device.
 */
is_me: boolean, 
/**
 * Whether two people asked different ones.
 */
differs: boolean, };

/**
 * What a change is about.
 */
export type Aspect = "header" | "privacy" | "part" | "section" | "declared" | "kind" | "text" | "option" | "law" | "required" | "visible" | "limits" | "outcome" | "report" | "other";

/**
 * A computed value that people can read.
 */
export type Calculation = { 
/**
 * Name in conditions.
 */
name: string, 
/**
 * Title.
 */
title: string, 
/**
 * The group for whose items it is computed.
 */
group: string | null, 
/**
 * The question beside which it stands.
 */
beside: string | null, };

/**
 * One of several values.
 */
export type Candidate = { 
/**
 * Its record: names it in [`Settle`].
 */
record: string, 
/**
 * The value.
 */
value: Value, 
/**
 * The value in words.
 */
text: string, 
/**
 * Who wrote it.
 */
author: string, 
/**
 * Function and organisation.
 */
function: string, 
/**
 * RFC 3339.
 */
at: string, 
/**
 * On which device.
 */
device: string, };

/**
 * One thing that changed.
 */
export type Change = { 
/**
 * What it is about.
 */
aspect: Aspect, 
/**
 * In Dutch words, such as `De keuze "Verhuurd" is erbij gekomen.`
 */
words: string, 
/**
 * As it was; nothing when there was nothing.
 */
old: string | null, 
/**
 * As it becomes; nothing when it is gone.
 */
new: string | null, };

/**
 * Which checklist a controle follows: pinned by content.
 */
export type ChecklistRef = { 
/**
 * The checklist's id.
 */
id: string, 
/**
 * Its version in words.
 */
version: string, 
/**
 * SHA-256 over the exact bytes of its file.
 */
hash: Digest, };

/**
 * A checklist that can be chosen.
 */
export type ChecklistRow = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its title.
 */
title: string, 
/**
 * Its version.
 */
version: string, 
/**
 * `concept` or `vastgesteld`.
 */
status: string, 
/**
 * `vb`, `btp` or `agro`.
 */
family: string, 
/**
 * From which day it holds, `2026-11-01`.
 */
valid_from: string, 
/**
 * The first digits of its hash.
 */
hash: string, 
/**
 * Whether a visit by it stays on this device: only counts go out, and nothing leads back to it.
 */
stays_here: boolean, 
/**
 * Whether nobody in it may be identified.
 */
without_persons: boolean, };

/**
 * An option or a row.
 */
export type Choice = { 
/**
 * Stable code.
 */
code: string, 
/**
 * What people read.
 */
label: string, 
/**
 * The heading under which it stands.
 */
heading: string | null, 
/**
 * Whether it excludes all others.
 */
exclusive: boolean, 
/**
 * Help card of this option.
 */
help: HelpCard | null, };

/**
 * A controle that was cleared from this device.
 */
export type ClearedRow = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * Its number.
 */
number: string, 
/**
 * When, RFC 3339.
 */
at: string, 
/**
 * Whether the retention rule did it; otherwise a person.
 */
by_itself: boolean, 
/**
 * Version of the retention rules.
 */
rule: string, 
/**
 * When it was asked for again, RFC 3339, while it has not come yet.
 */
asked_at: string | null, };

/**
 * When a controle may go from a device. Never before the backend gave its receipt for all of it.
 */
export type Clearing = "after_receipt" | "after_confirmation" | "never";

/**
 * Whether a controle can be cleared from this device, and what stands in the way.
 */
export type ClearingView = { 
/**
 * The rule that holds for it.
 */
rule: RetentionRuleView, 
/**
 * Version of the rules.
 */
version: string, 
/**
 * Whether the rules are `concept` or `vastgesteld`.
 */
status: string, 
/**
 * Whether somebody can clear it now.
 */
may: boolean, 
/**
 * Whether it is done with: closed, agreed to, broken off, or no longer this person's.
 */
done: boolean, 
/**
 * Whether it is on this device only.
 */
stays_here: boolean, 
/**
 * Records without a receipt.
 */
records: number, 
/**
 * Photos without a receipt.
 */
photos: number, 
/**
 * Records and photos that were set apart, or can't be read any more.
 */
set_apart: number, };

/**
 * Closes this version: it is final on this device and goes to the coordinator with the next sync.
 */
export type CloseInspection = { 
/**
 * The controle.
 */
inspection: InspectionId, };

/**
 * A code with its label.
 */
export type CodeLabel = { 
/**
 * The stable code.
 */
code: string, 
/**
 * What people read.
 */
label: string, 
/**
 * The article on which it rests; may be empty.
 */
basis: string, };

/**
 * What differs between two versions.
 */
export type Comparison = { 
/**
 * The version that there was.
 */
old: VersionRef, 
/**
 * The version that comes.
 */
new: VersionRef, 
/**
 * What changed about the checklist as a whole: title, status, days, parts, sections, groups, leaflets, calculations.
 */
whole: Array<Change>, 
/**
 * Questions that are new, changed or gone: in the order of the new version, the gone ones where they stood.
 */
questions: Array<QuestionChange>, };

/**
 * One thing that goes out of a visit that stays on the device.
 */
export type CountRow = { 
/**
 * The question.
 */
question: string, 
/**
 * The chosen option, or the number.
 */
answer: string, };

/**
 * This device's card, with which others encrypt for it. The bytes come raw beside it.
 */
export type DeviceCard = { 
/**
 * A name for the file.
 */
file_name: string, 
/**
 * The device's name.
 */
device: string, 
/**
 * Whose it is.
 */
person: string, };

/**
 * A tablet, a laptop or the backend itself.
 */
export type DeviceId = string;

/**
 * What a difference is about.
 */
export type DifferenceKind = "answer" | "note" | "reason" | "field" | "item" | "section" | "author_signature" | "visited_signature" | "member";

/**
 * People wrote different values without seeing each other's.
 */
export type DifferenceView = { 
/**
 * About what.
 */
kind: DifferenceKind, 
/**
 * The register; none for signatures and members.
 */
register: RegisterKey | null, 
/**
 * The question, for an answer.
 */
slot: Slot | null, 
/**
 * What it is about, in words.
 */
title: string, 
/**
 * The group item's name; empty outside groups.
 */
item_name: string, 
/**
 * The values, with who and when.
 */
candidates: Array<Candidate>, };

/**
 * A SHA-256 (FIPS 180-4) over exact bytes; written as 64 lower case hexadecimal digits.
 */
export type Digest = string;

/**
 * What was decided after STOP.
 */
export type EndStop = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * Whether the visit is broken off.
 */
broken_off: boolean, 
/**
 * What was decided.
 */
note: string, };

/**
 * Enrols this device.
 */
export type EnrolDevice = { 
/**
 * The backend's address, such as `https://nhveilig.example`.
 */
address: string, 
/**
 * The short code from the administrator.
 */
code: string, 
/**
 * A name that people recognise.
 */
device_name: string, 
/**
 * The PIN or passphrase that will unlock it.
 */
secret: string, };

/**
 * Tells listeners that something changed.
 */
export type Event = { "event": "sync", 
/**
 * In one line.
 */
line: SyncLine, } | { "event": "inspection_changed", 
/**
 * The controle.
 */
inspection: InspectionId, } | { "event": "presence", 
/**
 * Who.
 */
presence: Presence, } | { "event": "nearby" } | { "event": "locked" };

/**
 * Asks for the original of a photo that another member took, ahead of all others.
 */
export type FetchPhoto = { 
/**
 * The photo.
 */
item: ItemId, };

/**
 * The fields that a controle and its items have. A field that a newer app wrote is kept as [`Field::Other`].
 */
export type Field = string;

/**
 * A field of the controle.
 */
export type FieldView = { 
/**
 * Its name, such as `method`.
 */
field: string, 
/**
 * Its settled value.
 */
value: Value | null, 
/**
 * Whether people differ.
 */
differs: boolean, 
/**
 * When it was kept, RFC 3339.
 */
kept_at: string | null, };

/**
 * A finding or an assumption.
 */
export type FindingView = { 
/**
 * The item.
 */
item: ItemId, 
/**
 * `B1` for a finding, `V1` for an assumption.
 */
number: string, 
/**
 * A few words.
 */
title: string, 
/**
 * `own`, `statement`, `document` or `assumption`.
 */
kind: string, 
/**
 * What was observed.
 */
text: string, 
/**
 * The ordinary explanation.
 */
ordinary_explanation: string, 
/**
 * Where on the site.
 */
place: string, 
/**
 * The theme's code.
 */
theme: string, 
/**
 * The rule with its article.
 */
norm: string, 
/**
 * When it was observed, RFC 3339.
 */
observed_at: string | null, 
/**
 * The regime under which it stands.
 */
regime: Regime, 
/**
 * Who made it, and when.
 */
author: string, 
/**
 * RFC 3339.
 */
made_at: string, 
/**
 * Its photos.
 */
photos: Array<ItemId>, 
/**
 * Fields about which people differ.
 */
differing: Array<string>, 
/**
 * Why it was withdrawn; none while it counts.
 */
withdrawn: string | null, };

/**
 * A law, ordinance, judgment or other source, with the days on which it holds.
 */
export type Ground = { 
/**
 * Stable name, such as `awb-5-15`.
 */
id: string, 
/**
 * How a report cites it, such as `art. 5:15 Awb`.
 */
article: string, 
/**
 * What it says, in plain Dutch.
 */
text: string, 
/**
 * First day on which it holds.
 */
valid_from: string | null, 
/**
 * Last day on which it holds.
 */
valid_until: string | null, 
/**
 * Whether a lawyer has yet to check article and text.
 */
to_be_checked: boolean, 
/**
 * Reference into `checklists/BRONNEN.md`.
 */
reference: string | null, };

/**
 * A group that repeats, such as the buildings on a yard. Its items are items of the inspection.
 */
export type Group = { 
/**
 * Name in conditions, such as `gebouw`.
 */
id: string, 
/**
 * Plural.
 */
title: string, 
/**
 * Singular.
 */
item_title: string, 
/**
 * How many items there must be at least.
 */
minimum: number, };

/**
 * An item of a repeated group.
 */
export type GroupItem = { 
/**
 * The item.
 */
item: ItemId, 
/**
 * The group's id.
 */
group: string, 
/**
 * Its name, or a number when nobody named it.
 */
name: string, };

/**
 * Asks somebody of the team to do a part of the checklist.
 */
export type HandSection = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * The section.
 */
section: string, 
/**
 * The group's item, when the section repeats.
 */
item: ItemId | null, 
/**
 * Who; none for nobody in particular.
 */
to: PersonId | null, };

/**
 * What a file that somebody brought turned out to be.
 */
export type HandedIn = { "kind": "card", 
/**
 * The device.
 */
device: KnownDevice, } | { "kind": "handover", 
/**
 * What came.
 */
received: HandoverReceived, };

/**
 * A file was made.
 */
export type HandoverMade = { 
/**
 * A name for the file, without personal data: the controle's number and the receiving device.
 */
file_name: string, 
/**
 * Size in bytes.
 */
bytes: number, 
/**
 * How many records are in it.
 */
records: number, 
/**
 * How many photos are in it.
 */
photos: number, 
/**
 * Photos that this device can't read any more.
 */
photos_unread: number, 
/**
 * Whether what the other device said to hold was left out.
 */
only_changes: boolean, 
/**
 * The receiving device's name.
 */
device: string, 
/**
 * Whose that is.
 */
person: string, };

/**
 * What came with a hand-over.
 */
export type HandoverReceived = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * Its number.
 */
number: string, 
/**
 * Street and number, and town.
 */
title: string, 
/**
 * Who gave it.
 */
person: string, 
/**
 * Their organisation.
 */
organisation: string, 
/**
 * Their device.
 */
device: string, 
/**
 * When the file was made, RFC 3339, by that device's clock.
 */
made_at: string, 
/**
 * Records that were new.
 */
records: number, 
/**
 * How many of those are answers.
 */
answers: number, 
/**
 * Photos that were new.
 */
photos: number, 
/**
 * What was not taken, each with its reason. Everything else was.
 */
not_taken: Array<NotTaken>, 
/**
 * Whether records from before these are missing here: a file with everything brings them.
 */
has_gaps: boolean, 
/**
 * Whether everything was here already.
 */
is_known: boolean, };

/**
 * Asks for the file with which a controle goes to another device. The bytes come raw beside it.
 */
export type HandoverRequest = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * The device that gets it.
 */
device: DeviceId, 
/**
 * Whether everything goes, also what the other device said to hold.
 */
everything: boolean, };

/**
 * What stands one tap away from a question.
 */
export type HelpCard = { 
/**
 * Why the question is there.
 */
explanation: string | null, 
/**
 * What to look for.
 */
look_for: Array<string>, 
/**
 * Ordinary explanations.
 */
ordinary_explanations: Array<string>, 
/**
 * What to do.
 */
what_to_do: Array<string>, 
/**
 * Whom to call.
 */
whom_to_call: Array<string>, };

/**
 * In which copies of the report an answer stands.
 */
export type InReport = "always" | "file_only" | "never";

/**
 * One controle: a visit to one address or object.
 */
export type InspectionId = string;

/**
 * A controle in a list.
 */
export type InspectionRow = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * Its working number, `VB-2026-0042-K7`.
 */
number: string, 
/**
 * Street and number.
 */
address: string, 
/**
 * Town.
 */
town: string, 
/**
 * Municipality.
 */
municipality: string, 
/**
 * The checklist's title, such as `Integrale controle buitengebied`.
 */
kind: string, 
/**
 * `vb`, `btp` or `agro`.
 */
family: string, 
/**
 * When it is planned, RFC 3339.
 */
planned_at: string | null, 
/**
 * `planned`, `busy`, `stopped`, `broken_off`, `closed`, `sent_back` or `agreed`.
 */
status: string, 
/**
 * Answered questions.
 */
answered: number, 
/**
 * Questions that count.
 */
questions: number, 
/**
 * Findings.
 */
findings: number, 
/**
 * Photos.
 */
photos: number, 
/**
 * Open differences.
 */
differences: number, 
/**
 * Records and photos that wait for a receipt.
 */
waiting: number, 
/**
 * Records that wait for a receipt.
 */
records_waiting: number, 
/**
 * Photos that wait for a receipt.
 */
photos_waiting: number, 
/**
 * The newest receipt's number; none while something waits or nothing was sent.
 */
receipt: string | null, 
/**
 * Parts for which the person of this device was asked and in which questions are open.
 */
mine: number, 
/**
 * When all of it was last received, RFC 3339; none while something waits or nothing was sent.
 */
received_at: string | null, 
/**
 * Names of the team.
 */
team: Array<string>, };

/**
 * The sync of one controle.
 */
export type InspectionSync = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * Street and number, and town.
 */
title: string, 
/**
 * Its number.
 */
number: string, 
/**
 * Of those records, how many the backend has.
 */
records_received: number, 
/**
 * Records that this device brings: its own, and those that came by a hand-over and are not known to be received.
 */
records_total: number, 
/**
 * The photos of this device.
 */
photos: Array<PhotoSync>, 
/**
 * The newest receipt's number.
 */
receipt: string | null, 
/**
 * Its time, RFC 3339.
 */
received_at: string | null, };

/**
 * A controle as the screen shows it: the checklist's text, and the state of everything.
 */
export type InspectionView = { 
/**
 * Number, address, status.
 */
row: InspectionRow, 
/**
 * The official number, once there is one.
 */
official_number: string | null, 
/**
 * The version of the report that is being made.
 */
version: number, 
/**
 * Whether this version is closed: nothing can be written until it is reopened.
 */
closed: boolean, 
/**
 * What the coordinator wrote when sending it back.
 */
sent_back_because: string | null, 
/**
 * The checklist.
 */
checklist: ChecklistRow, 
/**
 * The newer version of it that the controle can follow.
 */
newer_version: ChecklistRow | null, 
/**
 * Its sections with their questions.
 */
sections: Array<Section>, 
/**
 * Its repeated groups.
 */
groups: Array<Group>, 
/**
 * Its computed values.
 */
calculations: Array<Calculation>, 
/**
 * What can be handed out.
 */
leaflets: Array<Leaflet>, 
/**
 * The items of the repeated groups, in order.
 */
group_items: Array<GroupItem>, 
/**
 * The state of every place for an answer that is visible or holds something.
 */
slots: Array<SlotView>, 
/**
 * Progress per section and group item.
 */
progress: Array<PartProgress>, 
/**
 * Findings and assumptions, in the order of their making.
 */
findings: Array<FindingView>, 
/**
 * Photos and documents, numbered.
 */
photos: Array<PhotoView>, 
/**
 * Participants with their own grounds.
 */
participants: Array<ParticipantView>, 
/**
 * Proposed measures.
 */
measures: Array<MeasureView>, 
/**
 * Fields of the controle itself: address, position, planned_at, method, departed_at, expertise.
 */
fields: Array<FieldView>, 
/**
 * Signatures.
 */
signatures: Array<SignatureView>, 
/**
 * The place for the reaction of the visited party, when the checklist asks for it.
 */
reaction: Slot | null, 
/**
 * The people in the team.
 */
team: Array<MemberView>, 
/**
 * Whether the person of this device leads the team, and so asks people to do parts.
 */
leads: boolean, 
/**
 * The parts for which somebody was asked.
 */
asked: Array<AskedPart>, 
/**
 * What is missing, what stops and what can be done.
 */
summary: Summary, };

/**
 * An item was added.
 */
export type ItemAdded = { 
/**
 * The new item.
 */
item: ItemId, 
/**
 * The controle afterwards.
 */
view: InspectionView, };

/**
 * A member of a set: a finding, photo, participant, measure, signature or repeated group.
 */
export type ItemId = string;

/**
 * It is on disk, in the encrypted database.
 */
export type Kept = { 
/**
 * When, RFC 3339.
 */
kept_at: string, 
/**
 * The places whose state changed.
 */
slots: Array<SlotView>, 
/**
 * All progress.
 */
progress: Array<PartProgress>, 
/**
 * What is missing now.
 */
summary: Summary, };

/**
 * A device that this one has seen.
 */
export type KnownDevice = { 
/**
 * The device.
 */
device: DeviceId, 
/**
 * Its name, such as `ODN-02`.
 */
name: string, 
/**
 * Whose it is.
 */
person: string, 
/**
 * The person's id.
 */
card_person: PersonId, 
/**
 * The person's function.
 */
function: string, 
/**
 * The person's organisation.
 */
organisation: string, 
/**
 * When its card was seen last, RFC 3339.
 */
seen_at: string, 
/**
 * Whether the person is in the team of the controle; none when no controle was asked about.
 */
in_team: boolean | null, };

/**
 * Asks which devices this one has seen.
 */
export type KnownDevices = { 
/**
 * The controle that is to be handed over, to tell whose people are in its team.
 */
inspection: InspectionId | null, };

/**
 * An answer that no longer counts.
 */
export type Lapse = { 
/**
 * Where it stands.
 */
slot: string, 
/**
 * The old question.
 */
question: string, 
/**
 * Why.
 */
reason: LapseReason, 
/**
 * Why, in Dutch words.
 */
words: string, };

/**
 * Why an answer no longer counts.
 */
export type LapseReason = "question_gone" | "kind_changed" | "group_changed" | "option_gone" | "hidden" | "unfit";

/**
 * Something to hand out.
 */
export type Leaflet = { 
/**
 * Stable name.
 */
id: string, 
/**
 * Title.
 */
title: string, };

/**
 * Says which controle is on the screen, so that the team can see it and nothing of it is cleared meanwhile.
 */
export type LookAt = { 
/**
 * The controle; none when it was left.
 */
inspection: InspectionId | null, };

/**
 * A proposed measure.
 */
export type MeasureView = { 
/**
 * The item; none for one that an answer proposes and nobody has taken over yet.
 */
item: ItemId | null, 
/**
 * `M1`, or empty while only proposed.
 */
number: string, 
/**
 * The measure's code.
 */
measure: string, 
/**
 * The measure in words.
 */
label: string, 
/**
 * What it says.
 */
text: string, 
/**
 * The day by which, `2026-12-17`.
 */
deadline: string | null, 
/**
 * Who decides.
 */
decided_by: string, 
/**
 * The question that proposes it.
 */
proposed_by: Slot | null, 
/**
 * The finding to which it belongs.
 */
finding: ItemId | null, 
/**
 * Why it was withdrawn; none while it counts.
 */
withdrawn: string | null, };

/**
 * Somebody in the team.
 */
export type MemberView = { 
/**
 * Who.
 */
person: PersonId, 
/**
 * Name.
 */
name: string, 
/**
 * Function.
 */
function: string, 
/**
 * Organisation.
 */
organisation: string, 
/**
 * Whether it is the person of this device.
 */
is_me: boolean, };

/**
 * A required question that is open.
 */
export type Missing = { 
/**
 * The place.
 */
slot: Slot, 
/**
 * The section.
 */
section: string, 
/**
 * The question.
 */
text: string, 
/**
 * The group item's name; empty outside groups.
 */
item_name: string, };

/**
 * What would happen.
 */
export type MovePreview = { 
/**
 * Answers that stand in the new version as they are.
 */
goes_along: Array<Moved>, 
/**
 * Answers that are kept and no longer count, each with the reason.
 */
no_longer_counts: Array<Lapse>, 
/**
 * Questions that the old version did not have and that are visible now.
 */
new_questions: Array<NewQuestion>, 
/**
 * Where something must still be done that was done, or not asked, before.
 */
opens: string[], };

/**
 * Lets a controle follow a newer version.
 */
export type MoveVersion = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * The version's hash, as [`VersionMove`] names it.
 */
hash: string, };

/**
 * An answer that goes along.
 */
export type Moved = { 
/**
 * Where it stands.
 */
slot: string, 
/**
 * Whether it counts: its question is visible. An answer that did not count goes along as such.
 */
counts: boolean, 
/**
 * Rows of a matrix that the new version no longer has, in words.
 */
without: Array<string>, };

/**
 * So much of something.
 */
export type NearbyAmount = { 
/**
 * Records.
 */
records: number, 
/**
 * Originals of photos.
 */
photos: number, 
/**
 * Bytes of those.
 */
bytes: number, };

/**
 * What a person saw of the code.
 */
export type NearbyCompare = { 
/**
 * Whether it is the same on both screens.
 */
same: boolean, };

/**
 * To which device a line is to be made.
 */
export type NearbyConnect = { "by": "name", 
/**
 * Its random name.
 */
name: string, } | { "by": "address", 
/**
 * `address:port`, as its screen shows it.
 */
address: string, };

/**
 * A controle that both may have and of which one has something that the other lacks.
 */
export type NearbyInspection = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * Its number.
 */
number: string, 
/**
 * Street and number, and town.
 */
title: string, 
/**
 * What would come.
 */
comes: NearbyAmount, 
/**
 * What would be given.
 */
goes: NearbyAmount, };

/**
 * What came of it on this device.
 */
export type NearbyOutcome = { 
/**
 * Records that were new.
 */
records: number, 
/**
 * How many of those are answers.
 */
answers: number, 
/**
 * Photos that were new.
 */
photos: number, 
/**
 * What was given.
 */
given: NearbyAmount, 
/**
 * What was not taken, each with its reason. Everything else was.
 */
not_taken: Array<NotTaken>, 
/**
 * Whether records from before these are missing here.
 */
has_gaps: boolean, 
/**
 * Controles of which nothing was taken, since the other person is not in their team.
 */
not_in_team: number, };

/**
 * Whether photos wait.
 */
export type NearbyPause = { 
/**
 * Whether they do.
 */
paused: boolean, };

/**
 * Who is at the other end.
 */
export type NearbyPeer = { 
/**
 * The person.
 */
person: string, 
/**
 * Their function.
 */
function: string, 
/**
 * Their organisation.
 */
organisation: string, 
/**
 * The device's name.
 */
device: string, };

/**
 * How far it is.
 */
export type NearbyProgress = { 
/**
 * What came.
 */
came: NearbyAmount, 
/**
 * What is to come in all.
 */
to_come: NearbyAmount, 
/**
 * What was given.
 */
given: NearbyAmount, 
/**
 * What is to be given in all.
 */
to_give: NearbyAmount, 
/**
 * Bytes of photos a second, both ways together, lately.
 */
bytes_per_second: number, };

/**
 * Where it is between two devices.
 */
export type NearbyStage = "closed" | "looking" | "connecting" | "comparing" | "waiting" | "telling" | "choosing" | "exchanging" | "done" | "ended";

/**
 * What is to be exchanged.
 */
export type NearbyStart = { 
/**
 * The controles.
 */
inspections: Array<InspectionId>, };

/**
 * Everything between this device and others nearby.
 */
export type NearbyView = { 
/**
 * Where it is.
 */
stage: NearbyStage, 
/**
 * The random name under which others see this device now; empty when it does not listen.
 */
name: string, 
/**
 * Where this device listens, as `address:port`, to be typed on the other one.
 */
addresses: Array<string>, 
/**
 * Whether others can find it. Without, only the address helps.
 */
announced: boolean, 
/**
 * The random names of the devices that were found.
 */
found: Array<string>, 
/**
 * Why a device that asked was refused last, by code.
 */
refused: string | null, 
/**
 * Who is at the other end, by a certificate that was checked.
 */
peer: NearbyPeer | null, 
/**
 * Six digits in two groups, while they are to be compared.
 */
code: string | null, 
/**
 * What there is to exchange.
 */
inspections: Array<NearbyInspection>, 
/**
 * How far it is.
 */
progress: NearbyProgress, 
/**
 * Whether photos wait because a person here wants it so.
 */
paused: boolean, 
/**
 * Whether photos wait because the other person wants it so.
 */
paused_there: boolean, 
/**
 * What came and what was given, once it ended.
 */
outcome: NearbyOutcome | null, 
/**
 * Why it ended, by code; none while it goes on, and when it ended well.
 */
problem: string | null, };

/**
 * A question that is new.
 */
export type NewQuestion = { 
/**
 * Where it stands.
 */
slot: string, 
/**
 * The question.
 */
question: string, 
/**
 * Whether an answer is needed.
 */
required: boolean, };

/**
 * Something of a hand-over that does not hold.
 */
export type NotTaken = { 
/**
 * `record` or `photo`.
 */
what: string, 
/**
 * The first digits of its hash.
 */
id: string, 
/**
 * Why, by code.
 */
reason: string, };

/**
 * No fields.
 */
export type Nothing = Record<symbol, never>;

/**
 * What happened to this device that its user must know. Nothing of it stands in the way of the work.
 */
export type Notice = { "notice": "restored", 
/**
 * When that was found, RFC 3339.
 */
at: string, 
/**
 * Of which controles: addresses, or numbers.
 */
titles: Array<string>, } | { "notice": "clock", 
/**
 * By how many seconds it is ahead; negative when behind.
 */
seconds: number, } | { "notice": "away", 
/**
 * When it was back, RFC 3339.
 */
at: string, 
/**
 * For how many days.
 */
days: number, 
/**
 * How many records it then sent.
 */
sent: number, 
/**
 * How many came from others.
 */
received: number, };

/**
 * What an answer asks to do now, beside its question.
 */
export type NoticeView = { 
/**
 * The question.
 */
slot: Slot, 
/**
 * What it says.
 */
text: string, };

/**
 * What was observed, of which kind, and which ordinary explanation there is.
 * The kinds keep facts and assumptions apart (ECLI:NL:RBAMS:2012:BW2542).
 */
export type Observation = { 
/**
 * Own observation, statement, document or assumption.
 */
kind: ObservationKind, 
/**
 * What was seen, heard, said or read.
 */
text: string, 
/**
 * The ordinary explanation that there is or that was given; every signal asks for it.
 */
ordinary_explanation?: string, 
/**
 * When it was observed.
 */
observed_at?: string | null, };

/**
 * The kind of an observation. An assumption never stands among the findings.
 */
export type ObservationKind = "own" | "statement" | "document" | "assumption";

/**
 * Names a controle.
 */
export type OpenInspection = { 
/**
 * The controle.
 */
inspection: InspectionId, };

/**
 * A controle was made.
 */
export type Opened = { 
/**
 * The controle.
 */
inspection: InspectionId, };

/**
 * Somebody who has the same controle open.
 */
export type OtherHere = { 
/**
 * Name.
 */
name: string, 
/**
 * The device's name, such as `ALK-07`.
 */
device: string, };

/**
 * Progress of a section, for one item of its group when it repeats.
 */
export type PartProgress = { 
/**
 * The section.
 */
section: string, 
/**
 * The group's item.
 */
item: ItemId | null, 
/**
 * Questions that are done.
 */
done: number, 
/**
 * Questions that count.
 */
questions: number, 
/**
 * Required questions that are open.
 */
required_open: number, };

/**
 * A participant with an own ground.
 */
export type ParticipantView = { 
/**
 * The item.
 */
item: ItemId, 
/**
 * Name.
 */
name: string, 
/**
 * Organisation.
 */
organisation: string, 
/**
 * For which partner they come, by code; empty when nobody said. That partner's own questions are added then.
 */
partner: string, 
/**
 * Function.
 */
function: string, 
/**
 * Number of the pass.
 */
pass_number: string, 
/**
 * Law or ordinance.
 */
legal_basis: string, 
/**
 * Designation decision.
 */
designation: string, 
/**
 * Whether this participant goes inside.
 */
goes_inside: boolean, 
/**
 * Whether there is an own ground of entry: a law and a designation.
 */
has_ground: boolean, 
/**
 * Why it was withdrawn; none while it counts.
 */
withdrawn: string | null, };

/**
 * Whose questions a section holds, when they are one partner's own.
 */
export type PartnerSet = { 
/**
 * The partner, by code of [`veldboek_domain::codes::PARTNERS`]: only its people see and answer the questions.
 */
partner: string, 
/**
 * Whether the answers stay in the partner's own closed stream, outside the team's report.
 */
closed: boolean, };

/**
 * A person who can write records.
 */
export type PersonId = string;

/**
 * A kind of data about a person that a checklist without persons may ask only with a recorded ground.
 *
 * Source: the State Secretary (34 193 nr. 12) and the AP on The Hague: data about a sex worker is special-category data,
 * and art. 151a Gemeentewet is no basis for it.
 */
export type PersonalData = "name" | "bsn" | "telephone" | "photo" | "nationality" | "health" | "advertisement";

/**
 * How far the app is.
 */
export type Phase = "not_enrolled" | "locked" | "open";

/**
 * Brings the bytes of a pending photo. The bytes themselves come raw beside it.
 */
export type PhotoAdd = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * The pending photo.
 */
item: ItemId, 
/**
 * Where it was taken, when known.
 */
position: Point | null, };

/**
 * Where the original of a photo is.
 */
export type PhotoArrival = "here" | "coming" | "not_yet";

/**
 * Photos beside a question.
 */
export type PhotoHint = { 
/**
 * How many there should be at least; asked for, never enforced.
 */
minimum: number, 
/**
 * How many there may be at most.
 */
maximum: number | null, 
/**
 * How to take them.
 */
instruction: string | null, 
/**
 * Whether nobody may be on them.
 */
without_persons: boolean, };

/**
 * Says that a photo is about to be taken, before the camera opens.
 */
export type PhotoPending = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * The question.
 */
slot: Slot | null, 
/**
 * The finding.
 */
parent: ItemId | null, 
/**
 * Whether it is a document and no photo.
 */
document: boolean, };

/**
 * Which version of a photo.
 */
export type PhotoSize = "thumb" | "original";

/**
 * The sync of one photo.
 */
export type PhotoSync = { 
/**
 * The photo.
 */
item: ItemId, 
/**
 * Its number.
 */
number: number, 
/**
 * Its caption.
 */
caption: string, 
/**
 * Bytes that the backend has on disk.
 */
sent: number, 
/**
 * Its size.
 */
bytes: number, 
/**
 * Bytes a second, while it moves; 0 otherwise.
 */
bytes_per_second: number, 
/**
 * The receipt's number; none while it waits.
 */
receipt: string | null, 
/**
 * When the backend gave it, RFC 3339.
 */
received_at: string | null, };

/**
 * A photo or document.
 */
export type PhotoView = { 
/**
 * The item.
 */
item: ItemId, 
/**
 * `foto 3`: its number; 0 for a document.
 */
number: number, 
/**
 * Whether it is a document.
 */
document: boolean, 
/**
 * The question to which it belongs.
 */
slot: Slot | null, 
/**
 * The finding to which it belongs.
 */
finding: ItemId | null, 
/**
 * The caption.
 */
caption: string, 
/**
 * Once sealed: SHA-256 of the original.
 */
sha256: Digest | null, 
/**
 * Size in bytes.
 */
bytes: number, 
/**
 * Media type.
 */
media_type: string, 
/**
 * Pixels.
 */
width: number, 
/**
 * Pixels.
 */
height: number, 
/**
 * RFC 3339.
 */
taken_at: string | null, 
/**
 * Where, when known.
 */
position: Point | null, 
/**
 * Who took it.
 */
author: string, 
/**
 * Whether the original lies on this device.
 */
here: boolean, 
/**
 * Whether a small version lies on this device: of another member's photo it comes ahead of the original.
 */
preview: boolean, 
/**
 * Whether the backend gave its receipt for it, with an equal hash.
 */
received: boolean, 
/**
 * When, RFC 3339.
 */
received_at: string | null, 
/**
 * The receipt's number.
 */
receipt: string | null, 
/**
 * Whether it was taken on this device.
 */
own: boolean, 
/**
 * Why it was withdrawn; none while it counts.
 */
withdrawn: string | null, };

/**
 * Why originals of photos wait. Records always go.
 */
export type PhotosHeld = "paused" | "metered";

/**
 * Makes a new controle.
 */
export type PlanInspection = { 
/**
 * The checklist's id.
 */
checklist: string, 
/**
 * Where; empty for a visit that stays on this device.
 */
address: Address, 
/**
 * When, RFC 3339; none for now.
 */
planned_at: string | null, };

/**
 * A WGS84 position in degrees.
 */
export type Point = { 
/**
 * Latitude, north positive.
 */
lat: number, 
/**
 * Longitude, east positive.
 */
lon: number, 
/**
 * Radius in metres within which the device believes to be; none when a person pointed or typed.
 */
accuracy_m?: number | null, 
/**
 * How the position came about.
 */
source: PointSource, };

/**
 * How a position came about.
 */
export type PointSource = "device" | "map" | "typed";

/**
 * Who else has a controle open, as far as this device knows: nobody while there is no network.
 */
export type Presence = { 
/**
 * The controle that is on the screen.
 */
inspection: InspectionId | null, 
/**
 * The others.
 */
others: Array<OtherHere>, };

/**
 * STOP was pressed.
 */
export type PressStop = { 
/**
 * The open controle, if any.
 */
inspection: InspectionId | null, 
/**
 * Where, when the device knows.
 */
position: Point | null, };

/**
 * Something set apart: the rest goes on.
 */
export type Quarantined = { 
/**
 * `record` or `photo`.
 */
what: string, 
/**
 * The controle, when known.
 */
inspection: InspectionId | null, 
/**
 * The controle's title.
 */
title: string, 
/**
 * What it was about: a question, a photo's number.
 */
subject: string, 
/**
 * The question to go to, when it is about one.
 */
slot: Slot | null, 
/**
 * The photo to take again, when it is about one.
 */
item: ItemId | null, 
/**
 * Why, by code.
 */
reason: string, 
/**
 * RFC 3339.
 */
at: string, };

/**
 * A question.
 */
export type Question = { 
/**
 * Name in conditions and in slots, such as `A5a`.
 */
id: string, 
/**
 * The question.
 */
text: string, 
/**
 * What kind of answer it takes.
 */
kind: QuestionKind, 
/**
 * Explanation in a sentence.
 */
explanation: string | null, 
/**
 * What must stand above the question, such as what may not be written down.
 */
caution: string | null, 
/**
 * Whether an answer or a reason is always needed; the state of the day is in the evaluation.
 */
required: boolean, 
/**
 * Options: of the kind itself (`ja`, `nee`) or of the question.
 */
options: Array<Choice>, 
/**
 * Rows of a matrix.
 */
rows: Array<Choice>, 
/**
 * The question of which this is a follow-up.
 */
parent: string | null, 
/**
 * How deep it stands: 0, or 1 more than its parent.
 */
level: number, 
/**
 * Whether it is about a signal: a fact to observe, never to count.
 */
signal: boolean, 
/**
 * The question that asks for the ordinary explanation of this signal.
 */
explained_in: string | null, 
/**
 * Whether each chosen option has an observation of its own, in [`veldboek_domain::Slot::for_part`].
 */
observation_per_option: boolean, 
/**
 * Whether an observation needs its ordinary explanation.
 */
needs_ordinary_explanation: boolean, 
/**
 * Unit of a number.
 */
unit: string | null, 
/**
 * Smallest number.
 */
minimum: number | null, 
/**
 * Largest number.
 */
maximum: number | null, 
/**
 * Whether only whole numbers are taken.
 */
whole: boolean, 
/**
 * Whether the app fills in the present time or day.
 */
prefill_now: boolean, 
/**
 * Photos beside the question.
 */
photos: PhotoHint | null, 
/**
 * Help card.
 */
help: HelpCard | null, 
/**
 * Legal grounds.
 */
grounds: Array<Ground>, 
/**
 * Partner, by code.
 */
partner: string | null, 
/**
 * Theme, by code.
 */
theme: string | null, 
/**
 * Measures that an answer may propose, for an overview; which ones do is in the evaluation.
 */
measures: Array<string>, 
/**
 * Whether an answer can bring a stop; which one does is in the evaluation.
 */
may_stop: boolean, 
/**
 * Which place of the report it fills.
 */
report_place: ReportPlace | null, 
/**
 * In which copies of the report it stands: the stricter of its own and its section's.
 */
in_report: InReport, 
/**
 * What the answer is about, where a checklist says so.
 */
about: About | null, 
/**
 * Which data about a person it asks, with a recorded ground.
 */
personal_data: PersonalData | null, 
/**
 * Whether the answer is among the counts that may leave.
 */
counted: boolean, 
/**
 * Whether it asks for the hand-over after supervision stopped.
 */
handover: boolean, };

/**
 * A question that is new, changed or gone.
 */
export type QuestionChange = { 
/**
 * The question.
 */
question: string, 
/**
 * The section in which it stands, or stood.
 */
section: string, 
/**
 * Its text: the new one when it has one.
 */
text: string, 
/**
 * What happened.
 */
what: What, 
/**
 * What changed in it; empty when it is new or gone.
 */
changes: Array<Change>, };

/**
 * What kind of answer a question takes. The Dutch codes stand in checklists, the English ones in JSON.
 */
export type QuestionKind = "yes_no" | "yes_no_not_applicable" | "yes_no_unknown" | "one_of" | "several_of" | "number" | "text" | "date" | "time" | "date_time" | "address" | "point" | "photo" | "document" | "signature" | "participants" | "matrix" | "observation";

/**
 * Code lists and the region.
 */
export type Reference = { 
/**
 * Measures.
 */
measures: Array<CodeLabel>, 
/**
 * Kinds of observation.
 */
observation_kinds: Array<CodeLabel>, 
/**
 * Themes.
 */
themes: Array<CodeLabel>, 
/**
 * Kinds of location.
 */
location_types: Array<CodeLabel>, 
/**
 * Kinds of partner.
 */
partners: Array<CodeLabel>, 
/**
 * Municipalities, in the order of the districts.
 */
municipalities: Array<string>, };

/**
 * The legal regime under which something is processed: supervision under the AVG, or investigation under the Wpg.
 * A switch to investigation is one-way and recorded (sfeerovergang).
 */
export type Regime = "AVG_TOEZICHT" | "WPG_OPSPORING";

/**
 * Says which register: an answer, a note beside it, a reason for its absence, or a field.
 */
export type RegisterKey = string;

/**
 * Begins a correction: a new version with a reason.
 */
export type Reopen = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * Why.
 */
reason: string, };

/**
 * For whom a copy is.
 */
export type ReportCopy = "file" | "leave_behind";

/**
 * A report was made on this device.
 */
export type ReportMade = { 
/**
 * Pages.
 */
pages: number, 
/**
 * Size in bytes.
 */
bytes: number, 
/**
 * SHA-256 of the file.
 */
sha256: Digest, 
/**
 * A name for the file, without personal data.
 */
file_name: string, 
/**
 * What could not be printed as it should, in words.
 */
problems: Array<string>, };

/**
 * A place in the controlerapport that an answer fills: what the case law asks of a report (ABRvS 3 May 2017, ECLI:NL:RVS:2017:1179).
 */
export type ReportPlace = "address" | "point" | "cause" | "home" | "warrant_day" | "warrant_used" | "arrival" | "identified_at" | "purpose_told" | "spoken_to" | "consent" | "consent_words" | "consent_at" | "caution_at" | "statement" | "reaction" | "oath";

/**
 * Asks for the report. The bytes come raw beside it.
 */
export type ReportRequest = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * For the file, or to leave behind without closed parts.
 */
copy: ReportCopy, };

/**
 * The rule for one family.
 */
export type RetentionRuleView = { 
/**
 * `vb`, `btp` or `agro`.
 */
family: string, 
/**
 * When its controles go.
 */
clearing: Clearing, 
/**
 * What the rule says, in Dutch.
 */
text: string, };

/**
 * The rules by which controles go from this device.
 */
export type RetentionView = { 
/**
 * Version of the rules.
 */
version: string, 
/**
 * `concept` or `vastgesteld`.
 */
status: string, 
/**
 * Who must approve them.
 */
approved_by: string, 
/**
 * One rule for each family.
 */
rules: Array<RetentionRuleView>, };

/**
 * Searches everything on this device.
 */
export type Search = { 
/**
 * Words; all must occur.
 */
text: string, };

/**
 * What unlocks this device.
 */
export type SecretKind = "pin" | "passphrase";

/**
 * A part of a checklist.
 */
export type Section = { 
/**
 * Letter or name, such as `F`.
 */
id: string, 
/**
 * Title.
 */
title: string, 
/**
 * Explanation above it.
 */
explanation: string | null, 
/**
 * The group for whose items it repeats.
 */
group: string | null, 
/**
 * The partner who mostly does it, by code of [`veldboek_domain::codes::PARTNERS`].
 */
partner: string | null, 
/**
 * Theme, by code of [`veldboek_domain::codes::THEMES`].
 */
theme: string | null, 
/**
 * Whose questions these are, when they are one partner's own.
 */
partner_set: PartnerSet | null, 
/**
 * In which copies of the report it stands.
 */
in_report: InReport, 
/**
 * The questions in order.
 */
questions: Array<Question>, };

/**
 * The kinds of sets. A set grows by adding an item; an item is withdrawn by a record with a reason.
 */
export type SetKind = { "set": "finding" } | { "set": "photo" } | { "set": "document" } | { "set": "participant" } | { "set": "measure" } | { "set": "group", 
/**
 * The group's id in the checklist.
 */
group: string, };

/**
 * Settings of this device.
 */
export type Settings = { 
/**
 * `nl` or `en`.
 */
language: string, 
/**
 * `system`, `light`, `dark`, `contrast` or `contrast-dark`.
 */
theme: string, 
/**
 * Text size in percent: 100, 125, 150 or 200.
 */
text_size: number, 
/**
 * Minutes without touch after which the app locks itself.
 */
lock_after_minutes: number, 
/**
 * Whether photos may go over mobile data.
 */
photos_on_mobile_data: boolean, 
/**
 * Whether photos wait: records go on.
 */
photos_paused: boolean, };

/**
 * Settles a difference by choosing one of what is there.
 */
export type Settle = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * The record of the candidate that was chosen.
 */
record: string, 
/**
 * Why; needed for signatures.
 */
reason: string, };

/**
 * Signs what is there.
 */
export type Sign = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * As drawn; without strokes the typed name counts.
 */
signature: Signature, 
/**
 * Whether by the author of the report.
 */
by_author: boolean, };

/**
 * A signature drawn on glass: strokes in a box of 1000 by 400 units.
 */
export type Signature = { 
/**
 * The name of who signed, as typed or known.
 */
name: string, 
/**
 * In which capacity: author, visited party.
 */
capacity: string, 
/**
 * Strokes of x, y pairs; x 0 to 1000, y 0 to 400 downwards.
 */
strokes: Array<Array<[number, number]>>, };

/**
 * A signature.
 */
export type SignatureView = { 
/**
 * As drawn.
 */
signature: Signature, 
/**
 * Whether by the author.
 */
by_author: boolean, 
/**
 * RFC 3339.
 */
at: string, };

/**
 * A place for an answer: a question, in a repeated group when it stands in one, for one option of a
 * several-of question when each option has an observation of its own, or for one row of a matrix.
 *
 * Written as `F2`, `F2@<group item>` or `E1@<group item>#<option>`.
 */
export type Slot = string;

/**
 * The state of a place for an answer.
 */
export type SlotView = { 
/**
 * The place.
 */
slot: Slot, 
/**
 * Whether its condition holds.
 */
visible: boolean, 
/**
 * Whether an answer or a reason is needed.
 */
required: boolean, 
/**
 * Whether it is done: answered, or excused with a reason.
 */
done: boolean, 
/**
 * The settled answer; none while open, cleared, or while people differ.
 */
value: Value | null, 
/**
 * Whether people differ.
 */
differs: boolean, 
/**
 * Why the answer can't be right, in words.
 */
violation: string | null, 
/**
 * What must happen before an answer can be given, in words: the cautie before a statement.
 */
locked: string | null, 
/**
 * A note beside it.
 */
note: string, 
/**
 * Why it has no answer.
 */
reason: string, 
/**
 * When the answer was kept, RFC 3339.
 */
kept_at: string | null, 
/**
 * Who gave it.
 */
author: string, 
/**
 * When the backend gave its receipt for it, RFC 3339; none while it waits.
 */
received_at: string | null, 
/**
 * How many photos belong to it.
 */
photos: number, };

/**
 * The STOP text: data with a status, as a checklist is.
 */
export type StopCard = { 
/**
 * `concept` until a fire officer approved it.
 */
status: string, 
/**
 * Version of the text.
 */
version: string, 
/**
 * The head, such as `Ga nu weg`.
 */
title: string, 
/**
 * What to do, in order, each a short sentence.
 */
steps: Array<string>, 
/**
 * Distance in metres.
 */
distance_m: number, 
/**
 * Distance in metres when something burns.
 */
distance_fire_m: number, 
/**
 * What to tell the police.
 */
say: Array<string>, 
/**
 * The number to call.
 */
emergency_number: string, 
/**
 * The number without haste.
 */
non_urgent_number: string, 
/**
 * What stands there afterwards.
 */
afterwards: string, };

/**
 * A stop that an answer brought about.
 */
export type StopView = { 
/**
 * The question.
 */
slot: Slot, 
/**
 * `safety`, `supervision` or `stay_outside`.
 */
kind: string, 
/**
 * What it says.
 */
text: string, 
/**
 * Whether what was found may be written down under investigation from here on (sfeerovergang), by who is a BOA.
 */
offers_regime_switch: boolean, };

/**
 * What is known to read aloud.
 */
export type Stopped = { 
/**
 * RFC 3339.
 */
at: string, 
/**
 * The address of the controle, or empty.
 */
place: string, 
/**
 * Coordinates to read aloud, or empty.
 */
coordinates: string, };

/**
 * What is missing, what stops and what can be done.
 */
export type Summary = { 
/**
 * Required questions that are open.
 */
missing: Array<Missing>, 
/**
 * What else keeps the controle from being closed, by code: `differences`, `method`, `author_signature`,
 * `participant_without_ground`, `photo_pending`.
 */
blocks: Array<string>, 
/**
 * Whether the author can sign.
 */
can_sign: boolean, 
/**
 * Whether it can be closed.
 */
can_close: boolean, 
/**
 * Stops that answers brought about.
 */
stops: Array<StopView>, 
/**
 * Tasks that answers opened.
 */
tasks: Array<TaskView>, 
/**
 * What answers ask to do now.
 */
notices: Array<NoticeView>, 
/**
 * What answers propose to hand out: titles, beside their question.
 */
hand_outs: Array<NoticeView>, 
/**
 * Conditions that could not be worked out, in words.
 */
problems: Array<string>, 
/**
 * Records of a newer version.
 */
from_newer_version: number, };

/**
 * Puts a finding under the regime of investigation: one way, recorded (sfeerovergang).
 */
export type SwitchRegime = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * The finding.
 */
item: ItemId, 
/**
 * Why.
 */
reason: string, };

/**
 * The plain sentence of the top bar, as facts; the words are the screen's.
 */
export type SyncLine = { 
/**
 * What is going on.
 */
state: SyncPhase, 
/**
 * Records that wait for a receipt.
 */
records_waiting: number, 
/**
 * Photos that wait for a receipt.
 */
photos_waiting: number, 
/**
 * Bytes of those photos that are not sent yet.
 */
bytes_waiting: number, 
/**
 * When everything was received, RFC 3339; none while something waits.
 */
received_at: string | null, 
/**
 * Things set apart that a person must look at.
 */
quarantined: number, 
/**
 * Photos for which there is still room, when storage is nearly full.
 */
room_for_photos: number | null, 
/**
 * How much there is to be told about this device.
 */
notices: number, };

/**
 * What the sync is doing.
 */
export type SyncPhase = "idle" | "offline" | "busy" | "received" | "signed_out" | "failed";

/**
 * What stood in the way of a sync.
 */
export type SyncProblem = { 
/**
 * The stable code.
 */
code: string, 
/**
 * In the backend's own words, in Dutch: the kind, when it gave one.
 */
title: string | null, 
/**
 * Likewise: what happened, what it means and what to do.
 */
detail: string | null, };

/**
 * Everything about the sync.
 */
export type SyncView = { 
/**
 * In one line.
 */
line: SyncLine, 
/**
 * Records that the backend has, of all that may leave this device.
 */
records_received: number, 
/**
 * All records that may leave this device.
 */
records_total: number, 
/**
 * Photos that the backend has.
 */
photos_received: number, 
/**
 * All photos of this device.
 */
photos_total: number, 
/**
 * Bytes of photos that the backend has.
 */
bytes_received: number, 
/**
 * Bytes of all photos of this device.
 */
bytes_total: number, 
/**
 * Bytes a second, lately.
 */
bytes_per_second: number, 
/**
 * Why originals of photos wait; none when they may go.
 */
photos_held: PhotosHeld | null, 
/**
 * Per controle, what waits first.
 */
inspections: Array<InspectionSync>, 
/**
 * Set apart, each with its reason.
 */
quarantined: Array<Quarantined>, 
/**
 * What happened to this device as a whole, until its user has read it.
 */
notices: Array<Notice>, 
/**
 * What went wrong last; none when the last try went well.
 */
problem: SyncProblem | null, 
/**
 * The backend's address.
 */
address: string, 
/**
 * When the last try was, RFC 3339.
 */
tried_at: string | null, };

/**
 * A task that an answer opened.
 */
export type TaskView = { 
/**
 * The question.
 */
slot: Slot, 
/**
 * What must be done.
 */
title: string, 
/**
 * The last day, `2026-11-23`; none when there is no limit.
 */
due: string | null, };

/**
 * A record in the time line.
 */
export type TimelineEntry = { 
/**
 * RFC 3339.
 */
at: string, 
/**
 * Who.
 */
author: string, 
/**
 * On which device: the first digits of its id.
 */
device: string, 
/**
 * What happened, as a code: the record's kind.
 */
kind: string, 
/**
 * What it was about: a question's id and text, an item's number, a field.
 */
subject: string, 
/**
 * The value in words.
 */
value: string, 
/**
 * The first digits of the record's id.
 */
record: string, 
/**
 * The receipt's number; none while it waits.
 */
receipt: string | null, 
/**
 * Whether the backend is known to have it: by a receipt, or because it came from there.
 */
received: boolean, 
/**
 * Whether a later record took its place.
 */
superseded: boolean, 
/**
 * Who worked on the same part at about the same time, without a sign that they saw each other's.
 */
alongside: string | null, };

/**
 * Today's controles in route order.
 */
export type Today = { 
/**
 * The day, `2026-11-19`.
 */
date: string, 
/**
 * The controles of today, then those that are open from earlier days.
 */
rows: Array<InspectionRow>, };

/**
 * Unlocks the device.
 */
export type Unlock = { 
/**
 * PIN or passphrase.
 */
secret: string, };

/**
 * An answer or a field's value. Written as `{"type": "...", "value": ...}`.
 */
export type Value = { "type": "cleared" } | { "type": "choice", "value": string } | { "type": "choices", "value": Array<string> } | { "type": "number", "value": number } | { "type": "text", "value": string } | { "type": "date", "value": string } | { "type": "time", "value": string } | { "type": "date_time", "value": string } | { "type": "address", "value": Address } | { "type": "point", "value": Point } | { "type": "matrix", "value": { [key in string]: string } } | { "type": "observation", "value": Observation } | { "type": "signature", "value": Signature } | { "type": "flag", "value": boolean } | { "type": "checklist", "value": ChecklistRef } | { "type": "person", "value": PersonId };

/**
 * A newer version of a controle's checklist, and what following it means.
 */
export type VersionMove = { 
/**
 * The version that it follows.
 */
from: ChecklistRow, 
/**
 * The newest version.
 */
to: ChecklistRow, 
/**
 * The newest version's hash: names it in [`MoveVersion`].
 */
hash: string, 
/**
 * What would happen, in a few Dutch sentences.
 */
words: string, 
/**
 * What differs between the two.
 */
changes: Comparison, 
/**
 * What happens to the answers.
 */
preview: MovePreview, };

/**
 * One version of a checklist.
 */
export type VersionRef = { 
/**
 * Stable name, such as `vb-ic`.
 */
id: string, 
/**
 * Title.
 */
title: string, 
/**
 * Version.
 */
version: string, 
/**
 * Its hash.
 */
hash: string, };

/**
 * What happened to a question.
 */
export type What = "new" | "changed" | "gone";

/**
 * Withdraws an item; it stays in the history.
 */
export type WithdrawItem = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * The item.
 */
item: ItemId, 
/**
 * Why.
 */
reason: string, };

/**
 * Writes a register: an answer, a note, a reason, a field.
 */
export type Write = { 
/**
 * The controle.
 */
inspection: InspectionId, 
/**
 * Which register, such as `answer:F2@<item>` or `item:<item>:caption`.
 */
register: RegisterKey, 
/**
 * The value.
 */
value: Value, };

/** The one list of commands that every host offers. */
export interface Commands {
  status: { request: Nothing; response: AppStatus };
  enrol: { request: EnrolDevice; response: AppStatus };
  unlock: { request: Unlock; response: AppStatus };
  lock: { request: Nothing; response: AppStatus };
  stop_card: { request: Nothing; response: StopCard };
  settings: { request: Nothing; response: Settings };
  change_settings: { request: Settings; response: Settings };
  reference: { request: Nothing; response: Reference };
  today: { request: Nothing; response: Today };
  search: { request: Search; response: Array<InspectionRow> };
  checklists: { request: Nothing; response: Array<ChecklistRow> };
  plan_inspection: { request: PlanInspection; response: Opened };
  open_inspection: { request: OpenInspection; response: InspectionView };
  write: { request: Write; response: Kept };
  add_item: { request: AddItem; response: ItemAdded };
  withdraw_item: { request: WithdrawItem; response: InspectionView };
  switch_regime: { request: SwitchRegime; response: InspectionView };
  photo_pending: { request: PhotoPending; response: ItemAdded };
  fetch_photo: { request: FetchPhoto; response: PhotoArrival };
  hand_section: { request: HandSection; response: InspectionView };
  settle: { request: Settle; response: InspectionView };
  sign: { request: Sign; response: InspectionView };
  close: { request: CloseInspection; response: InspectionView };
  reopen: { request: Reopen; response: InspectionView };
  press_stop: { request: PressStop; response: Stopped };
  end_stop: { request: EndStop; response: Nothing };
  version_move: { request: OpenInspection; response: VersionMove | null };
  move_version: { request: MoveVersion; response: InspectionView };
  counts: { request: OpenInspection; response: Array<CountRow> };
  report: { request: ReportRequest; response: ReportMade };
  timeline: { request: OpenInspection; response: Array<TimelineEntry> };
  differences: { request: OpenInspection; response: Array<DifferenceView> };
  look_at: { request: LookAt; response: Presence };
  retention: { request: Nothing; response: RetentionView };
  clearing: { request: OpenInspection; response: ClearingView };
  clear_inspection: { request: OpenInspection; response: Nothing };
  cleared: { request: Nothing; response: Array<ClearedRow> };
  fetch_cleared: { request: OpenInspection; response: Nothing };
  device_card: { request: Nothing; response: DeviceCard };
  known_devices: { request: KnownDevices; response: Array<KnownDevice> };
  add_member: { request: AddMember; response: InspectionView };
  handover_export: { request: HandoverRequest; response: HandoverMade };
  nearby_open: { request: Nothing; response: NearbyView };
  nearby_state: { request: Nothing; response: NearbyView };
  nearby_connect: { request: NearbyConnect; response: NearbyView };
  nearby_compare: { request: NearbyCompare; response: NearbyView };
  nearby_start: { request: NearbyStart; response: NearbyView };
  nearby_pause: { request: NearbyPause; response: NearbyView };
  nearby_end: { request: Nothing; response: NearbyView };
  nearby_close: { request: Nothing; response: Nothing };
  sync_now: { request: Nothing; response: SyncView };
  sync_state: { request: Nothing; response: SyncView };
  notices_read: { request: Nothing; response: SyncView };
}
