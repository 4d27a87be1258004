/** A change of the registry in two steps: what it would change is told, and only that is recorded. */
import { useState } from 'preact/hooks';
import type { RegistryChanged } from '../../../../schemas/api/registry.ts';
import { PATHS } from '../../api/paths.ts';
import type { Trouble } from '../../api/problem.ts';
import { useAction } from '../../api/use-action.ts';
import { toast } from '../../components/toast.tsx';
import { plural } from '../../state/number.ts';

export type Wish = Readonly<Record<string, unknown>> & { readonly what: string };

export interface ChangeSteps {
  /** What would change, once it was asked for. */
  readonly tried: RegistryChanged | undefined;
  readonly trouble: Trouble | undefined;
  readonly isBusy: boolean;
  readonly tell: (wish: Wish) => Promise<void>;
  /** Records what was told. @returns whether it was */
  readonly save: () => Promise<boolean>;
  /** Back to what is typed. */
  readonly back: () => void;
}

export function useChange(): ChangeSteps {
  const [told, setTold] = useState<{ readonly wish: Wish; readonly tried: RegistryChanged } | undefined>(undefined);
  const { send, isBusy, trouble, forget } = useAction<RegistryChanged>(PATHS.registry_changes);
  const tell = async (wish: Wish): Promise<void> => {
    const tried = await send({ ...wish, dry_run: true });
    setTold(tried === undefined ? undefined : { wish, tried });
  };
  const save = async (): Promise<boolean> => {
    if (told === undefined) return false;
    const saved = await send({ ...told.wish, dry_run: false, based_on: told.tried.based_on });
    if (saved === undefined) {
      // Whoever is told no must look at what is so now before trying again.
      setTold(undefined);
      return false;
    }
    toast(`${plural(saved.changes.length, 'change')} recorded`);
    return true;
  };
  const back = (): void => {
    setTold(undefined);
    forget();
  };
  return { tried: told?.tried, trouble, isBusy, tell, save, back };
}
