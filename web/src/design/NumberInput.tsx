import { useState } from 'react';

interface Props {
  label: string;
  /** Without one the field is shut. */
  value: number | null;
  min?: number;
  max?: number;
  onChange: (value: number) => void;
}

/**
 * A whole number. What is typed stays as it is typed and is taken over whenever it is a number that may be; leaving the
 * field shows again what holds.
 */
export function NumberInput({ label, value, min = 1, max, onChange }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      type="number"
      className="input"
      aria-label={label}
      required={value !== null}
      disabled={value === null}
      min={min}
      max={max}
      value={typed ?? value ?? ''}
      onChange={(e) => {
        setTyped(e.target.value);
        const number = wholeOf(e.target.value, min, max);
        if (number !== null) onChange(number);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}

function wholeOf(text: string, min: number, max = Number.MAX_SAFE_INTEGER): number | null {
  const number = Number(text);
  return text.trim() !== '' && Number.isInteger(number) && number >= min && number <= max ? number : null;
}
