import type { TestRepository } from "../repositories.ts";
import {
  paged,
  type Call,
  type ForgeState,
  type Operation,
  type Reply,
} from "../shape.ts";
import { account, error, prefix, repositoryBody } from "./replies.ts";

/** Who calls, what owners have, and Apps. */
export function ownerOperations(state: ForgeState): Operation[] {
  const repositoriesOf = (
    call: Call,
    path: string,
    of: (one: TestRepository) => boolean,
  ) => {
    const found = state.repositories.filter(of).sort((a, b) => a.id - b.id);
    return paged(state, found, call, `${prefix}${path}`);
  };
  const list = (call: Call, path: string, owner: string): Reply => {
    const { items, headers } = repositoriesOf(call, path, (one) => one.owner === owner);
    return { status: 200, headers, body: items.map((one) => repositoryBody(state, one)) };
  };
  const installation = (call: Call, owner: string): Reply => {
    const app = state.apps.get(call.login.replace("app/", ""));
    const id = app?.installations.get(owner);
    return id === undefined ? error(404, "Not Found") : { status: 200, body: { id } };
  };
  return [
    {
      name: "identity",
      id: "users/get-authenticated",
      method: "GET",
      path: "/user",
      run: ({ login }) =>
        login.endsWith("[bot]")
          ? error(403, "Resource not accessible by integration")
          : { status: 200, body: account(login) },
    },
    {
      name: "identity",
      id: "orgs/get",
      method: "GET",
      path: "/orgs/{org}",
      run: ({ params: { org = "" } }) =>
        state.people.has(org)
          ? error(404, "Not Found")
          : { status: 200, body: { login: org } },
    },
    {
      name: "list",
      id: "repos/list-for-org",
      method: "GET",
      path: "/orgs/{org}/repos",
      run: (call) =>
        list(call, `/orgs/${call.params["org"] ?? ""}/repos`, call.params["org"] ?? ""),
    },
    {
      name: "list",
      id: "repos/list-for-user",
      method: "GET",
      path: "/users/{username}/repos",
      run: (call) => {
        const { username = "" } = call.params;
        const path = `/users/${username}/repos`;
        const { items, headers } = repositoriesOf(
          call,
          path,
          (one) => one.owner === username && !one.private,
        );
        return {
          status: 200,
          headers,
          body: items.map((one) => repositoryBody(state, one)),
        };
      },
    },
    {
      name: "list",
      id: "repos/list-for-authenticated-user",
      method: "GET",
      path: "/user/repos",
      run: (call) => list(call, "/user/repos", call.login),
    },
    {
      name: "list",
      id: "apps/list-repos-accessible-to-installation",
      method: "GET",
      path: "/installation/repositories",
      run: (call) => {
        const owner = call.login.replace("[bot]", "");
        const of = (one: TestRepository) => one.owner === owner;
        const { items, headers } = repositoriesOf(call, "/installation/repositories", of);
        const repositories = items.map((one) => repositoryBody(state, one));
        const body = { total_count: state.repositories.filter(of).length, repositories };
        return { status: 200, headers, body };
      },
    },
    {
      name: "installation",
      id: "apps/get-org-installation",
      method: "GET",
      path: "/orgs/{org}/installation",
      run: (call) =>
        state.people.has(call.params["org"] ?? "")
          ? error(404, "Not Found")
          : installation(call, call.params["org"] ?? ""),
    },
    {
      name: "installation",
      id: "apps/get-user-installation",
      method: "GET",
      path: "/users/{username}/installation",
      run: (call) => installation(call, call.params["username"] ?? ""),
    },
    {
      name: "token",
      id: "apps/create-installation-access-token",
      method: "POST",
      path: "/app/installations/{installation_id}/access_tokens",
      run: ({ params, login }) => {
        const app = state.apps.get(login.replace("app/", ""));
        const found = [...(app?.installations ?? [])].find(
          ([, id]) => String(id) === params["installation_id"],
        );
        if (app === undefined || found === undefined) return error(404, "Not Found");
        const [owner] = found;
        const token = `ghs_${owner}${String(state.tokens.size)}${"x".repeat(20)}`;
        const expiresAt = Date.now() + app.tokenLifetime;
        state.tokens.set(token, {
          login: `${owner}[bot]`,
          installation: owner,
          expiresAt,
        });
        return {
          status: 201,
          body: { token, expires_at: new Date(expiresAt).toISOString() },
        };
      },
    },
  ];
}
