import { m } from '$lib/paraglide/messages.js';
import type { Phase } from '$lib/platform';

/** The title of the window: the screen, never an address or a name, since others may see it. */
export function titleOf(path: string[], phase: Phase | undefined): string {
  const name = screenName(path, phase);
  return name ? m.window_title({ name, app: m.app_name() }) : m.app_name();
}

function screenName(path: string[], phase: Phase | undefined): string {
  const [screen = 'vandaag', , part = 'deel'] = path;
  if (screen === 'stop') return m.stop();
  if (phase === 'not_enrolled') return m.enrol_title();
  if (phase === 'locked') return m.unlock_title();
  if (phase !== 'open') return '';
  const screens: Record<string, () => string> = {
    vandaag: m.menu_today,
    zoeken: m.menu_search,
    nieuw: m.new_inspection,
    synchronisatie: m.menu_sync,
    'zonder-netwerk': m.handin_title,
    dichtbij: m.nearby_title,
    instellingen: m.menu_settings,
  };
  const parts: Record<string, () => string> = {
    deel: m.part_checklist,
    deelnemers: m.part_participants,
    bevindingen: m.part_findings,
    bevinding: m.part_findings,
    fotos: m.photos,
    foto: m.photos,
    maatregelen: m.part_measures,
    verschillen: m.part_differences,
    afronden: m.part_finish,
    rapport: m.part_report,
    overdragen: m.part_handover,
    versie: m.part_version,
  };
  return (screen === 'controle' ? parts[part] : screens[screen])?.() ?? '';
}
