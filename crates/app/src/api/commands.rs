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
            hand_section: HandSection => InspectionView,
            settle: Settle => InspectionView,
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
            look_at: LookAt => Presence,
            retention: Nothing => RetentionView,
            clearing: OpenInspection => ClearingView,
            clear_inspection: OpenInspection => Nothing,
            cleared: Nothing => Vec<ClearedRow>,
            fetch_cleared: OpenInspection => Nothing,
            device_card: Nothing => DeviceCard,
            known_devices: KnownDevices => Vec<KnownDevice>,
            add_member: AddMember => InspectionView,
            handover_export: HandoverRequest => HandoverMade,
            sync_now: Nothing => SyncView,
            sync_state: Nothing => SyncView,
        }
    };
}
