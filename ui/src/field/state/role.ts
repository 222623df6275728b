import { m } from '$lib/paraglide/messages.js';
import type { AppStatus } from '$lib/platform';

/** Whether the person of this device investigates. The app itself refuses an investigation by anybody else. */
export function worksAsBoa(status: Pick<AppStatus, 'role'> | null): boolean {
  return status?.role === 'investigating_officer';
}

/** Whether the person of this device is an agro-coach, who has conversations and does no controles. */
export function worksAsCoach(status: Pick<AppStatus, 'role'> | null): boolean {
  return status?.role === 'agri_coach';
}

/** What the person of this device begins: a controle, or a coach a conversation. */
export function newWord(status: Pick<AppStatus, 'role'> | null): string {
  return worksAsCoach(status) ? m.new_conversation() : m.new_inspection();
}
