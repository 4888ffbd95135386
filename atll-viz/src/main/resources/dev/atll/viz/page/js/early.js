// Before the first paint, so that nobody who chose light sees a dark flash.
try {
  const chosen = localStorage.getItem('atll-theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be forbidden; the system's preference then decides.
}
