// A job that goes on after its answers are given is removed soon after.
// ends: answered
// gone: true
export default () => {
  const burn = () => { const end = performance.now() + 40; while (performance.now() < end); setTimeout(burn); };
  setTimeout(burn, 20);
  return [];
};
