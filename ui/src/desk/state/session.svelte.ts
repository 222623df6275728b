import { toAppError, type AppError } from '$lib/platform/errors';
import { backend, type Person } from './client';

/** Who is signed in, as the backend's cookie says. */
class Session {
  /** Undefined until the backend has said so; null when nobody is. */
  person = $state<Person | null | undefined>(undefined);
  /** Why the desk can't be shown at all. */
  error = $state<AppError | null>(null);
  /** The session ended while somebody worked. */
  expired = $state(false);

  async begin(): Promise<void> {
    this.error = null;
    try {
      this.person = await backend.me();
    } catch (failure) {
      const error = toAppError(failure);
      if (error.code === 'desk-signed-out') this.person = null;
      else this.error = error;
    }
  }

  async signIn(name: string, password: string): Promise<void> {
    this.person = await backend.signIn(name, password);
    this.expired = false;
  }

  async signOut(): Promise<void> {
    await backend.signOut();
    this.person = null;
  }

  /** Reads a failure; one that says that nobody is signed in any more brings the sign-in screen. */
  failed(failure: unknown): AppError {
    const error = toAppError(failure);
    if (error.code === 'desk-signed-out') {
      this.expired = true;
      this.person = null;
    }
    return error;
  }
}

export const session = new Session();
