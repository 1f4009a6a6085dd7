// Recursion that goes on in every finally is stopped.
// ends: stopped
// time: 500
export default () => { const again = () => { try { again(); } finally { again(); } }; again(); };
