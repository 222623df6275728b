/**
 * The icons (Lucide, ISC licence), put into the build as markup. An icon always stands beside a text or carries a name.
 */
import ArrowDown from 'lucide-static/icons/arrow-down.svg?raw';
import ArrowLeft from 'lucide-static/icons/arrow-left.svg?raw';
import ArrowRight from 'lucide-static/icons/arrow-right.svg?raw';
import ArrowUp from 'lucide-static/icons/arrow-up.svg?raw';
import ArrowUpFromLine from 'lucide-static/icons/arrow-up-from-line.svg?raw';
import BadgeCheck from 'lucide-static/icons/badge-check.svg?raw';
import Camera from 'lucide-static/icons/camera.svg?raw';
import Check from 'lucide-static/icons/check.svg?raw';
import CheckCheck from 'lucide-static/icons/check-check.svg?raw';
import ChevronDown from 'lucide-static/icons/chevron-down.svg?raw';
import ChevronLeft from 'lucide-static/icons/chevron-left.svg?raw';
import ChevronRight from 'lucide-static/icons/chevron-right.svg?raw';
import ChevronUp from 'lucide-static/icons/chevron-up.svg?raw';
import CigaretteOff from 'lucide-static/icons/cigarette-off.svg?raw';
import Circle from 'lucide-static/icons/circle.svg?raw';
import CircleAlert from 'lucide-static/icons/circle-alert.svg?raw';
import ClipboardList from 'lucide-static/icons/clipboard-list.svg?raw';
import Clock from 'lucide-static/icons/clock.svg?raw';
import CloudOff from 'lucide-static/icons/cloud-off.svg?raw';
import Download from 'lucide-static/icons/download.svg?raw';
import Eye from 'lucide-static/icons/eye.svg?raw';
import FileText from 'lucide-static/icons/file-text.svg?raw';
import FileXCorner from 'lucide-static/icons/file-x-corner.svg?raw';
import Globe from 'lucide-static/icons/globe.svg?raw';
import Hand from 'lucide-static/icons/hand.svg?raw';
import HardDrive from 'lucide-static/icons/hard-drive.svg?raw';
import House from 'lucide-static/icons/house.svg?raw';
import Image from 'lucide-static/icons/image.svg?raw';
import Info from 'lucide-static/icons/info.svg?raw';
import KeyRound from 'lucide-static/icons/key-round.svg?raw';
import ListTree from 'lucide-static/icons/list-tree.svg?raw';
import Lock from 'lucide-static/icons/lock.svg?raw';
import MapPin from 'lucide-static/icons/map-pin.svg?raw';
import MessageSquarePlus from 'lucide-static/icons/message-square-plus.svg?raw';
import MessageSquareQuote from 'lucide-static/icons/message-square-quote.svg?raw';
import Minus from 'lucide-static/icons/minus.svg?raw';
import NotebookPen from 'lucide-static/icons/notebook-pen.svg?raw';
import OctagonX from 'lucide-static/icons/octagon-x.svg?raw';
import Pause from 'lucide-static/icons/pause.svg?raw';
import PenLine from 'lucide-static/icons/pen-line.svg?raw';
import Phone from 'lucide-static/icons/phone.svg?raw';
import Play from 'lucide-static/icons/play.svg?raw';
import Plus from 'lucide-static/icons/plus.svg?raw';
import RefreshCw from 'lucide-static/icons/refresh-cw.svg?raw';
import Route from 'lucide-static/icons/route.svg?raw';
import Scale from 'lucide-static/icons/scale.svg?raw';
import Search from 'lucide-static/icons/search.svg?raw';
import Send from 'lucide-static/icons/send.svg?raw';
import Settings2 from 'lucide-static/icons/settings-2.svg?raw';
import ShieldCheck from 'lucide-static/icons/shield-check.svg?raw';
import Square from 'lucide-static/icons/square.svg?raw';
import Text from 'lucide-static/icons/text.svg?raw';
import Trash2 from 'lucide-static/icons/trash-2.svg?raw';
import TriangleAlert from 'lucide-static/icons/triangle-alert.svg?raw';
import Undo2 from 'lucide-static/icons/undo-2.svg?raw';
import User from 'lucide-static/icons/user.svg?raw';
import Users from 'lucide-static/icons/users.svg?raw';
import Wind from 'lucide-static/icons/wind.svg?raw';
import X from 'lucide-static/icons/x.svg?raw';

const sources = {
  'arrow-down': ArrowDown,
  'arrow-left': ArrowLeft,
  'arrow-right': ArrowRight,
  'arrow-up': ArrowUp,
  'arrow-up-from-line': ArrowUpFromLine,
  'badge-check': BadgeCheck,
  camera: Camera,
  check: Check,
  'check-check': CheckCheck,
  'chevron-down': ChevronDown,
  'chevron-left': ChevronLeft,
  'chevron-right': ChevronRight,
  'chevron-up': ChevronUp,
  'cigarette-off': CigaretteOff,
  circle: Circle,
  'circle-alert': CircleAlert,
  'clipboard-list': ClipboardList,
  clock: Clock,
  'cloud-off': CloudOff,
  download: Download,
  eye: Eye,
  'file-text': FileText,
  'file-x-corner': FileXCorner,
  globe: Globe,
  hand: Hand,
  'hard-drive': HardDrive,
  house: House,
  image: Image,
  info: Info,
  'key-round': KeyRound,
  'list-tree': ListTree,
  lock: Lock,
  'map-pin': MapPin,
  'message-square-plus': MessageSquarePlus,
  'message-square-quote': MessageSquareQuote,
  minus: Minus,
  'notebook-pen': NotebookPen,
  'octagon-x': OctagonX,
  pause: Pause,
  'pen-line': PenLine,
  phone: Phone,
  play: Play,
  plus: Plus,
  'refresh-cw': RefreshCw,
  route: Route,
  scale: Scale,
  search: Search,
  send: Send,
  'settings-2': Settings2,
  'shield-check': ShieldCheck,
  square: Square,
  text: Text,
  'trash-2': Trash2,
  'triangle-alert': TriangleAlert,
  'undo-2': Undo2,
  user: User,
  users: Users,
  wind: Wind,
  x: X,
};

/** The name of an icon that the build has. */
export type IconName = keyof typeof sources;

/** The shapes inside an icon's svg element, without the element itself. */
export function shapes(name: IconName): string {
  return sources[name].replace(/^[\s\S]*?<svg[^>]*>/, '').replace('</svg>', '');
}
