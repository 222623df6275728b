/// Calls the given macro with every command: `name: Request => Response`.
///
/// A host that implements this list implements all of it, or does not compile.
#[macro_export]
macro_rules! commands {
    ($host:ident) => {
        $host! {
            status: Nothing => AppStatus,
            enrol: EnrolDevice => AppStatus,
            unlock: Unlock => AppStatus,
            lock: Nothing => AppStatus,
            stop_card: Nothing => StopCard,
            settings: Nothing => Settings,
            change_settings: Settings => Settings,
            reference: Nothing => Reference,
            today: Nothing => Today,
            search: Search => Vec<InspectionRow>,
            checklists: Nothing => Vec<ChecklistRow>,
            plan_inspection: PlanInspection => Opened,
            open_inspection: OpenInspection => InspectionView,
            write: Write => Kept,
            add_item: AddItem => ItemAdded,
            withdraw_item: WithdrawItem => InspectionView,
            switch_regime: SwitchRegime => InspectionView,
            photo_pending: PhotoPending => ItemAdded,
            fetch_photo: FetchPhoto => PhotoArrival,
            sign: Sign => InspectionView,
            close: CloseInspection => InspectionView,
            reopen: Reopen => InspectionView,
            press_stop: PressStop => Stopped,
            end_stop: EndStop => Nothing,
            version_move: OpenInspection => Option<VersionMove>,
            move_version: MoveVersion => InspectionView,
            counts: OpenInspection => Vec<CountRow>,
            report: ReportRequest => ReportMade,
            timeline: OpenInspection => Vec<TimelineEntry>,
            differences: OpenInspection => Vec<DifferenceView>,
            device_card: Nothing => DeviceCard,
            known_devices: KnownDevices => Vec<KnownDevice>,
            add_member: AddMember => InspectionView,
            handover_export: HandoverRequest => HandoverMade,
            nearby_open: Nothing => NearbyView,
            nearby_state: Nothing => NearbyView,
            nearby_connect: NearbyConnect => NearbyView,
            nearby_compare: NearbyCompare => NearbyView,
            nearby_start: NearbyStart => NearbyView,
            nearby_pause: NearbyPause => NearbyView,
            nearby_end: Nothing => NearbyView,
            nearby_close: Nothing => Nothing,
            sync_now: Nothing => SyncView,
            sync_state: Nothing => SyncView,
        }
    };
}
