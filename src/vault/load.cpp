#include "vault/load.h"

#include "base/error.h"
#include "base/file.h"
#include "document/fields.h"
#include "document/project_path.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

namespace fresh::vault {
namespace {

using document::Fields;
using document::Node;

constexpr std::int64_t most_shares = 255;

/// Vault lowers the case of policy names, and takes no others than these in a path.
void check_name(const document::Place& place, std::string_view what, std::string_view name) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_";
  if (name.empty() || name.find_first_not_of(allowed) != std::string_view::npos) {
    document::refuse(place, fmt::format("'{}' is no name of {}", name, what),
                     "use lower-case letters, digits, '-' and '_'");
  }
}

void check_path(const document::Place& place, std::string_view path) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";
  if (path.empty() || path.front() == '/' || path.back() == '/' ||
      path.find("..") != std::string_view::npos || path.find("//") != std::string_view::npos ||
      path.find_first_not_of(allowed) != std::string_view::npos) {
    document::refuse(place, fmt::format("'{}' is no path of the vault", path),
                     "use letters, digits, '-', '_', '.' and '/', such as apps/api");
  }
}

engine::Endpoint load_endpoint(Fields& fields, const std::filesystem::path& project_folder) {
  const Node& address = fields.require("address");
  if (!address.text().starts_with("http://") && !address.text().starts_with("https://")) {
    document::refuse(address.place, fmt::format("'{}' is no address of a vault", address.text()),
                     "write it as http://HOST:PORT or https://HOST:PORT");
  }
  engine::Endpoint endpoint;
  try {
    endpoint = engine::parse_endpoint(address.text());
  } catch (const base::Error& error) {
    document::refuse(address.place, error.message(), "write it as http://HOST:PORT or https://HOST:PORT");
  }
  if (const Node* tls = fields.find("tls")) {
    if (!endpoint.tls) {
      document::refuse(tls->place, "'tls' needs an address that begins with https://");
    }
    Fields files(*tls, "tls");
    if (const Node* ca = files.find("ca")) {
      const auto file = project_folder / document::project_path(*ca);
      if (!std::filesystem::is_regular_file(file)) {
        document::refuse(ca->place, fmt::format("there is no file '{}'", ca->text()),
                         "add the certificate of the authority, or mend its name here");
      }
      endpoint.tls->ca = file.string();
    }
    endpoint.tls->server_name = files.word("server_name", "");
    files.finish();
  }
  return endpoint;
}

std::filesystem::path load_key_file(Fields& fields) {
  const Node* node = fields.find("keys");
  if (node == nullptr) {
    return ".vault-keys";
  }
  std::filesystem::path path = document::project_path(*node);
  if (path == "." || *path.begin() == "exports") {
    document::refuse(node->place,
                     path == "." ? "the key file needs a name" : "the key file may not lie below exports/",
                     "use .vault-keys");
  }
  return path;
}

std::map<std::string, std::string> load_policies(const Node* node, const std::filesystem::path& folder) {
  std::map<std::string, std::string> policies;
  if (node == nullptr) {
    return policies;
  }
  const Fields whole(*node, "policies");
  for (const auto& entry : whole.node().entries) {
    check_name(entry.key_place, "a policy", entry.key);
    const auto path = document::project_path(entry.value);
    if (!std::filesystem::is_regular_file(folder / path)) {
      document::refuse(entry.value.place, fmt::format("there is no file '{}'", path),
                       "add the policy, or mend its name here");
    }
    policies.emplace(entry.key, base::read_file(folder / path));
  }
  return policies;
}

std::set<std::string> load_granted(Fields& fields, const std::map<std::string, std::string>& known) {
  std::set<std::string> policies;
  for (const auto& name : fields.words("policies")) {
    if (name != "default" && !known.contains(name)) {
      std::vector<std::string> names{"default"};
      for (const auto& [one, text] : known) {
        names.push_back(one);
      }
      document::refuse(fields.require("policies").place,
                       fmt::format("there is no policy '{}' in 'vault.policies'", name),
                       document::nearest_hint(name, names, "declare it there"));
    }
    policies.insert(name);
  }
  if (policies.empty()) {
    document::refuse(fields.node().place, "'policies' names no policy, so this could do nothing",
                     "name what it may do: policies: [NAME]");
  }
  return policies;
}

std::map<std::string, std::map<std::string, std::string>> load_secrets(const Node* node) {
  std::map<std::string, std::map<std::string, std::string>> secrets;
  if (node == nullptr) {
    return secrets;
  }
  const Fields whole(*node, "secrets");
  for (const auto& entry : whole.node().entries) {
    check_path(entry.key_place, entry.key);
    const Fields one(entry.value, "secrets." + entry.key);
    for (const auto& value : one.node().entries) {
      secrets[entry.key][value.key] = value.value.text();
    }
    if (!secrets.contains(entry.key)) {
      document::refuse(entry.key_place, fmt::format("the secret '{}' has no values", entry.key),
                       "write it as {KEY: name-of-a-credential}");
    }
  }
  return secrets;
}

}  // namespace

std::set<std::string> VaultSpec::credentials() const {
  std::set<std::string> names;
  for (const auto& [path, values] : secrets) {
    for (const auto& [key, credential] : values) {
      names.insert(credential);
    }
  }
  for (const auto& [name, role] : approles) {
    names.insert({role.role_id, role.secret_id});
  }
  for (const auto& [name, token] : tokens) {
    names.insert(token.credential);
  }
  return names;
}

VaultSpec load(const Node& node, const std::filesystem::path& project_folder) {
  Fields fields(node, "vault");
  VaultSpec spec{.service = fields.word("service"), .place = fields.require("service").place};
  spec.address = fields.word("address");
  spec.endpoint = load_endpoint(fields, project_folder);
  const auto shares = fields.integer("shares", spec.shares);
  const auto threshold = fields.integer("threshold", spec.threshold);
  // The rules of Vault itself: one share has the threshold 1, several have at least 2.
  if (shares < 1 || shares > most_shares || threshold < 1 || threshold > shares ||
      (shares > 1) != (threshold > 1)) {
    document::refuse(node.place, fmt::format("{} shares with the threshold {} cannot be", shares, threshold),
                     "use 1 and 1, or 2 to 255 shares with a threshold from 2 to their number");
  }
  spec.shares = static_cast<int>(shares);
  spec.threshold = static_cast<int>(threshold);
  spec.keys = load_key_file(fields);
  spec.mount = fields.text("mount", spec.mount);
  check_path(node.place, spec.mount);
  spec.policies = load_policies(fields.find("policies"), project_folder);
  spec.secrets = load_secrets(fields.find("secrets"));
  if (const Node* roles = fields.find("approles")) {
    const Fields whole(*roles, "approles");
    for (const auto& entry : whole.node().entries) {
      check_name(entry.key_place, "a role", entry.key);
      Fields one(entry.value, "approles." + entry.key);
      AppRole role{.role_id = one.word("role_id"), .secret_id = one.word("secret_id")};
      role.policies = load_granted(one, spec.policies);
      one.finish();
      spec.approles.emplace(entry.key, std::move(role));
    }
  }
  if (const Node* tokens = fields.find("tokens")) {
    const Fields whole(*tokens, "tokens");
    for (const auto& entry : whole.node().entries) {
      check_name(entry.key_place, "a token", entry.key);
      Fields one(entry.value, "tokens." + entry.key);
      Token token{.credential = one.word("token")};
      token.policies = load_granted(one, spec.policies);
      one.finish();
      spec.tokens.emplace(entry.key, std::move(token));
    }
  }
  fields.finish();
  return spec;
}

}  // namespace fresh::vault
