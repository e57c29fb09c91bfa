export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="logo">
      <rect width="32" height="32" rx="7" fill="currentColor" />
      <path d="M16 4l5 6v3h-1v12h2v3H10v-3h2V13h-1v-3z" className="logo-tower" />
      <path d="M14.5 15h3v4.5h-3z" fill="currentColor" />
    </svg>
  );
}
