import type * as C from './contract';

type Command<Request, Response> = { request: Request; response: Response };

/** The one list of commands that every host offers; the same list as `commands!` in `crates/app/src/api`. */
export interface Commands {
  status: Command<C.Nothing, C.AppStatus>;
  enrol: Command<C.EnrolDevice, C.AppStatus>;
  unlock: Command<C.Unlock, C.AppStatus>;
  lock: Command<C.Nothing, C.AppStatus>;
  stop_card: Command<C.Nothing, C.StopCard>;
  settings: Command<C.Nothing, C.Settings>;
  change_settings: Command<C.Settings, C.Settings>;
  reference: Command<C.Nothing, C.Reference>;
  today: Command<C.Nothing, C.Today>;
  search: Command<C.Search, C.InspectionRow[]>;
  checklists: Command<C.Nothing, C.ChecklistRow[]>;
  plan_inspection: Command<C.PlanInspection, C.Opened>;
  open_inspection: Command<C.OpenInspection, C.InspectionView>;
  write: Command<C.Write, C.Kept>;
  add_item: Command<C.AddItem, C.ItemAdded>;
  withdraw_item: Command<C.WithdrawItem, C.InspectionView>;
  switch_regime: Command<C.SwitchRegime, C.InspectionView>;
  photo_pending: Command<C.PhotoPending, C.ItemAdded>;
  sign: Command<C.Sign, C.InspectionView>;
  close: Command<C.CloseInspection, C.InspectionView>;
  reopen: Command<C.Reopen, C.InspectionView>;
  press_stop: Command<C.PressStop, C.Stopped>;
  end_stop: Command<C.EndStop, C.Nothing>;
  report: Command<C.ReportRequest, C.ReportMade>;
  timeline: Command<C.OpenInspection, C.TimelineEntry[]>;
  differences: Command<C.OpenInspection, C.DifferenceView[]>;
  sync_now: Command<C.Nothing, C.SyncView>;
  sync_state: Command<C.Nothing, C.SyncView>;
}
