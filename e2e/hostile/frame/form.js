// No form is sent, to no target.
export default function hostile({ canary }) {
  for (const target of ["_self", "_top", "_blank"]) {
    const form = document.createElement("form");
    form.action = `http://${canary}/form/${target}`;
    form.method = "post";
    form.target = target;
    document.documentElement.append(form);
    form.submit();
  }
}
