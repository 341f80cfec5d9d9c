/** A value once nobody has changed it for a moment: what is asked of the server while somebody types. */
import { useEffect, useState } from 'react';

export function useDebounced<Value>(value: Value, milliseconds = 250): Value {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
