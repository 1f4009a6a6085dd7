import { Button, Menu } from "@mantine/core";
import { IconLogout, IconSettings, IconUser, IconUsers } from "@tabler/icons-react";
import { Link } from "react-router";
import type { Account } from "../../protocol/http/accounts.ts";
import { useSignOut } from "./session.ts";

/** Who is signed in, and the ways out. */
export default function AccountMenu({ account }: { readonly account: Account }) {
  const { signOut, error } = useSignOut();
  return (
    <Menu position="bottom-end" width={230} withinPortal>
      <Menu.Target>
        <Button variant="default" px="xs" className="account-button" aria-label={`Your account: ${account.name}`} leftSection={<IconUser size={18} stroke={1.7} />}>
          <span className="account-button-name">{account.name}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{account.name}, {account.role}</Menu.Label>
        <Menu.Item component={Link} to="/settings" leftSection={<IconSettings size={16} />}>Settings</Menu.Item>
        {account.role === "operator" ? <Menu.Item component={Link} to="/people" leftSection={<IconUsers size={16} />}>People</Menu.Item> : null}
        <Menu.Divider />
        <Menu.Item closeMenuOnClick={false} leftSection={<IconLogout size={16} />} onClick={() => signOut("here")}>Sign out</Menu.Item>
        <Menu.Item closeMenuOnClick={false} leftSection={<IconLogout size={16} />} onClick={() => signOut("everywhere")}>Sign out everywhere</Menu.Item>
        {error === null ? null : <p className="account-menu-error" role="alert">{error.message}</p>}
      </Menu.Dropdown>
    </Menu>
  );
}
