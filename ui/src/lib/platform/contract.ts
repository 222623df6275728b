/**
 * The types that cross between the screens and the program behind them. Their source is `crates/app/src/api` and the
 * domain and checklist types that it names.
 */

export type Uuid = string;
/** A question's place for an answer: `F2`, `F2@<group item>` or `E1@<group item>#<option>`. */
export type Slot = string;
/** `answer:F2`, `note:F2`, `reason:F2`, `inspection:method`, `item:<item>:caption`. */
export type RegisterKey = string;

export type Nothing = Record<string, never>;
export type Phase = 'not_enrolled' | 'locked' | 'open';
export type SecretKind = 'pin' | 'passphrase';
export type SyncPhase = 'idle' | 'offline' | 'busy' | 'received' | 'signed_out' | 'failed';

export interface SyncLine {
  state: SyncPhase;
  records_waiting: number;
  photos_waiting: number;
  bytes_waiting: number;
  received_at: string | null;
  quarantined: number;
  room_for_photos: number | null;
}

export interface AppStatus {
  phase: Phase;
  secret: SecretKind;
  wait_seconds: number;
  wrong_tries: number;
  person: string;
  function: string;
  organisation: string;
  device: string;
  backend: string;
  sync: SyncLine;
}

export interface EnrolDevice {
  address: string;
  code: string;
  device_name: string;
  secret: string;
}
export interface Unlock {
  secret: string;
}

export interface StopCard {
  status: string;
  version: string;
  title: string;
  steps: string[];
  distance_m: number;
  distance_fire_m: number;
  say: string[];
  emergency_number: string;
  non_urgent_number: string;
  afterwards: string;
}

export interface Settings {
  language: string;
  theme: string;
  text_size: number;
  lock_after_minutes: number;
  photos_on_mobile_data: boolean;
  photos_paused: boolean;
}

export interface CodeLabel {
  code: string;
  label: string;
  basis: string;
}
export interface Reference {
  measures: CodeLabel[];
  observation_kinds: CodeLabel[];
  themes: CodeLabel[];
  location_types: CodeLabel[];
  partners: CodeLabel[];
  municipalities: string[];
}

export interface InspectionRow {
  inspection: Uuid;
  number: string;
  address: string;
  town: string;
  municipality: string;
  kind: string;
  family: string;
  planned_at: string | null;
  status: string;
  answered: number;
  questions: number;
  findings: number;
  photos: number;
  differences: number;
  waiting: number;
  received_at: string | null;
  team: string[];
}
export interface Today {
  date: string;
  rows: InspectionRow[];
}
export interface Search {
  text: string;
}
export interface ChecklistRow {
  id: string;
  title: string;
  version: string;
  status: string;
  family: string;
  valid_from: string;
  hash: string;
}
export interface Address {
  line: string;
  postcode?: string;
  town?: string;
  municipality?: string;
  bag_id?: string | null;
  part?: string;
}
export interface Point {
  lat: number;
  lon: number;
  accuracy_m?: number | null;
  source: 'device' | 'map' | 'typed';
}
export type ObservationKind = 'own' | 'statement' | 'document' | 'assumption';
export interface Observation {
  kind: ObservationKind;
  text: string;
  ordinary_explanation?: string;
  observed_at?: string | null;
}
export interface Signature {
  name: string;
  capacity: string;
  strokes: [number, number][][];
}
export type Value =
  | { type: 'cleared' }
  | { type: 'choice'; value: string }
  | { type: 'choices'; value: string[] }
  | { type: 'number'; value: number }
  | { type: 'text'; value: string }
  | { type: 'date'; value: string }
  | { type: 'time'; value: string }
  | { type: 'date_time'; value: string }
  | { type: 'address'; value: Address }
  | { type: 'point'; value: Point }
  | { type: 'matrix'; value: Record<string, string> }
  | { type: 'observation'; value: Observation }
  | { type: 'signature'; value: Signature }
  | { type: 'flag'; value: boolean };

export interface PlanInspection {
  checklist: string;
  address: Address;
  planned_at: string | null;
}
export interface Opened {
  inspection: Uuid;
}
export interface OpenInspection {
  inspection: Uuid;
}

export type QuestionKind =
  | 'yes_no'
  | 'yes_no_not_applicable'
  | 'yes_no_unknown'
  | 'one_of'
  | 'several_of'
  | 'number'
  | 'text'
  | 'date'
  | 'time'
  | 'date_time'
  | 'address'
  | 'point'
  | 'photo'
  | 'document'
  | 'signature'
  | 'participants'
  | 'matrix'
  | 'observation';

export interface Ground {
  id: string;
  article: string;
  text: string;
  valid_from: string | null;
  valid_until: string | null;
  to_be_checked: boolean;
  reference: string | null;
}
export interface HelpCard {
  explanation: string | null;
  look_for: string[];
  ordinary_explanations: string[];
  what_to_do: string[];
  whom_to_call: string[];
}
export interface Choice {
  code: string;
  label: string;
  heading: string | null;
  exclusive: boolean;
  help: HelpCard | null;
}
export interface PhotoHint {
  minimum: number;
  maximum: number | null;
  instruction: string | null;
}
export interface Question {
  id: string;
  text: string;
  kind: QuestionKind;
  explanation: string | null;
  caution: string | null;
  required: boolean;
  options: Choice[];
  rows: Choice[];
  parent: string | null;
  level: number;
  signal: boolean;
  explained_in: string | null;
  observation_per_option: boolean;
  needs_ordinary_explanation: boolean;
  unit: string | null;
  minimum: number | null;
  maximum: number | null;
  whole: boolean;
  prefill_now: boolean;
  photos: PhotoHint | null;
  help: HelpCard | null;
  grounds: Ground[];
  partner: string | null;
  theme: string | null;
  measures: string[];
  may_stop: boolean;
}
export interface Section {
  id: string;
  title: string;
  explanation: string | null;
  group: string | null;
  partner: string | null;
  theme: string | null;
  questions: Question[];
}
export interface Group {
  id: string;
  title: string;
  item_title: string;
  minimum: number;
}
export interface Calculation {
  name: string;
  title: string;
  group: string | null;
  beside: string | null;
}
export interface Leaflet {
  id: string;
  title: string;
}

export interface GroupItem {
  item: Uuid;
  group: string;
  name: string;
}
export interface SlotView {
  slot: Slot;
  visible: boolean;
  required: boolean;
  done: boolean;
  value: Value | null;
  differs: boolean;
  violation: string | null;
  locked: string | null;
  note: string;
  reason: string;
  kept_at: string | null;
  author: string;
  received_at: string | null;
  photos: number;
}
export interface PartProgress {
  section: string;
  item: Uuid | null;
  done: number;
  questions: number;
  required_open: number;
}
export type Regime = 'AVG_TOEZICHT' | 'WPG_OPSPORING';
export interface FindingView {
  item: Uuid;
  number: string;
  title: string;
  kind: string;
  text: string;
  ordinary_explanation: string;
  place: string;
  theme: string;
  norm: string;
  observed_at: string | null;
  regime: Regime;
  author: string;
  made_at: string;
  photos: Uuid[];
  differing: string[];
  withdrawn: string | null;
}
export interface PhotoView {
  item: Uuid;
  number: number;
  document: boolean;
  slot: Slot | null;
  finding: Uuid | null;
  caption: string;
  sha256: string | null;
  bytes: number;
  media_type: string;
  width: number;
  height: number;
  taken_at: string | null;
  position: Point | null;
  author: string;
  here: boolean;
  received: boolean;
  withdrawn: string | null;
}
export interface ParticipantView {
  item: Uuid;
  name: string;
  organisation: string;
  function: string;
  pass_number: string;
  legal_basis: string;
  designation: string;
  goes_inside: boolean;
  has_ground: boolean;
  withdrawn: string | null;
}
export interface MeasureView {
  item: Uuid | null;
  number: string;
  measure: string;
  label: string;
  text: string;
  deadline: string | null;
  decided_by: string;
  proposed_by: Slot | null;
  finding: Uuid | null;
  withdrawn: string | null;
}
export interface FieldView {
  field: string;
  value: Value | null;
  differs: boolean;
  kept_at: string | null;
}
export interface SignatureView {
  signature: Signature;
  by_author: boolean;
  at: string;
}
export interface MemberView {
  name: string;
  function: string;
  organisation: string;
  is_me: boolean;
}
export interface Missing {
  slot: Slot;
  section: string;
  text: string;
  item_name: string;
}
export interface StopView {
  slot: Slot;
  kind: string;
  text: string;
}
export interface TaskView {
  slot: Slot;
  title: string;
  due: string | null;
}
export interface Summary {
  missing: Missing[];
  blocks: string[];
  can_sign: boolean;
  can_close: boolean;
  stops: StopView[];
  tasks: TaskView[];
  problems: string[];
  from_newer_version: number;
}
export interface InspectionView {
  row: InspectionRow;
  official_number: string | null;
  version: number;
  closed: boolean;
  sent_back_because: string | null;
  checklist: ChecklistRow;
  sections: Section[];
  groups: Group[];
  calculations: Calculation[];
  leaflets: Leaflet[];
  group_items: GroupItem[];
  slots: SlotView[];
  progress: PartProgress[];
  findings: FindingView[];
  photos: PhotoView[];
  participants: ParticipantView[];
  measures: MeasureView[];
  fields: FieldView[];
  signatures: SignatureView[];
  team: MemberView[];
  summary: Summary;
}

export interface Write {
  inspection: Uuid;
  register: RegisterKey;
  value: Value;
}
export interface Kept {
  kept_at: string;
  slots: SlotView[];
  progress: PartProgress[];
  summary: Summary;
}
export type SetKind =
  | { set: 'finding' }
  | { set: 'photo' }
  | { set: 'document' }
  | { set: 'participant' }
  | { set: 'measure' }
  | { set: 'group'; group: string };
export interface AddItem {
  inspection: Uuid;
  set: SetKind;
  slot: Slot | null;
  parent: Uuid | null;
  fields: [string, Value][];
  regime: Regime | null;
}
export interface ItemAdded {
  item: Uuid;
  view: InspectionView;
}
export interface WithdrawItem {
  inspection: Uuid;
  item: Uuid;
  reason: string;
}
export type SwitchRegime = WithdrawItem;
export interface PhotoPending {
  inspection: Uuid;
  slot: Slot | null;
  parent: Uuid | null;
  document: boolean;
}
export interface PhotoAdd {
  inspection: Uuid;
  item: Uuid;
  position: Point | null;
}
export type PhotoSize = 'thumb' | 'original';
export interface Sign {
  inspection: Uuid;
  signature: Signature;
  by_author: boolean;
}
export interface CloseInspection {
  inspection: Uuid;
}
export interface Reopen {
  inspection: Uuid;
  reason: string;
}
export interface PressStop {
  inspection: Uuid | null;
  position: Point | null;
}
export interface Stopped {
  at: string;
  place: string;
  coordinates: string;
}
export interface EndStop {
  inspection: Uuid;
  broken_off: boolean;
  note: string;
}
export type ReportCopy = 'file' | 'leave_behind';
export interface ReportRequest {
  inspection: Uuid;
  copy: ReportCopy;
}
export interface ReportMade {
  pages: number;
  bytes: number;
  sha256: string;
  file_name: string;
  problems: string[];
}
export interface TimelineEntry {
  at: string;
  author: string;
  device: string;
  kind: string;
  subject: string;
  value: string;
  record: string;
  receipt: string | null;
  superseded: boolean;
}
export interface Candidate {
  value: Value;
  text: string;
  author: string;
  function: string;
  at: string;
  device: string;
}
export interface DifferenceView {
  register: RegisterKey;
  slot: Slot | null;
  title: string;
  item_name: string;
  candidates: Candidate[];
}

export interface PhotoSync {
  item: Uuid;
  number: number;
  caption: string;
  sent: number;
  bytes: number;
  receipt: string | null;
}
export interface InspectionSync {
  inspection: Uuid;
  title: string;
  number: string;
  records_received: number;
  records_total: number;
  photos: PhotoSync[];
  receipt: string | null;
  received_at: string | null;
}
export interface Quarantined {
  what: string;
  inspection: Uuid | null;
  title: string;
  subject: string;
  slot: Slot | null;
  item: Uuid | null;
  reason: string;
  at: string;
}
export interface SyncView {
  line: SyncLine;
  records_received: number;
  records_total: number;
  photos_received: number;
  photos_total: number;
  bytes_received: number;
  bytes_total: number;
  bytes_per_second: number;
  inspections: InspectionSync[];
  quarantined: Quarantined[];
  problem: string | null;
  address: string;
  tried_at: string | null;
}
export type Event =
  { event: 'sync'; line: SyncLine } | { event: 'inspection_changed'; inspection: Uuid } | { event: 'locked' };
