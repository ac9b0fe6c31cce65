import { Copy } from './Copy.tsx';
import css from './SecretOnce.module.css';

/** A secret that the API answers with only once. */
export function SecretOnce({ secret, name }: { secret: string; name: string }) {
  return (
    <div className={css.secret}>
      <p>
        Copy the {name} now. It is shown this once; from now on you will see <code>••••{secret.slice(-4)}</code>.
      </p>
      <div className={css.value}>
        <code>{secret}</code>
        <Copy text={secret} label={`Copy the ${name}`}>
          Copy
        </Copy>
      </div>
    </div>
  );
}
