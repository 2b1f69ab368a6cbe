/** Who is logged in, and what they may do. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

export interface Me {
  readonly name: string;
  readonly role: string;
}

export const Session = createContext<Me>({ name: '', role: 'reader' });

export const useMe = (): Me => useContext(Session);

/** Whether this person may act on incidents, replay, and read the bytes of rejects. */
export function useMayAct(): boolean {
  const { role } = useMe();
  return role === 'operator' || role === 'owner';
}
