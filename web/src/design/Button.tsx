import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';

type Look = 'plain' | 'outline' | 'primary' | 'danger';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  small?: boolean;
  icon?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ look = 'plain', small, icon, className, children, type, ...rest }: Props) {
  const names = ['btn', look === 'plain' ? '' : `btn-${look}`, small ? 'btn-small' : ''];
  if (icon && children === undefined) names.push('btn-icon');
  return (
    <button type={type ?? 'button'} className={[...names, className].filter(Boolean).join(' ')} {...rest}>
      {icon}
      {children}
    </button>
  );
}

/** A button with only an icon: the label is its accessible name and its tooltip. */
export function IconButton({ label, ...rest }: Props & { label: string }) {
  return <Button aria-label={label} title={label} {...rest} />;
}
