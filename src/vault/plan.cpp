#include "vault/plan.h"

#include "base/error.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace fresh::vault {
namespace {

using nlohmann::json;

constexpr const char* missing = "does not exist";
constexpr const char* differs = "differs";
/// Vault's own longest time to live; a token is renewed when less than half of it is left.
constexpr std::int64_t token_period = 768L * 3600;

class Planner {
 public:
  Planner(const Declared& declared, const Observed& observed) : declared_(declared), observed_(observed) {}

  std::vector<Step> steps() {
    mount();
    policies();
    secrets();
    approles();
    tokens();
    return std::move(steps_);
  }

 private:
  void add(const std::string& subject, const char* cause, std::string path, const json& body) {
    steps_.push_back({"vault:" + subject, cause, std::move(path), body.dump()});
  }

  void mount() {
    if (declared_.secrets.empty()) {
      return;
    }
    const auto& found = observed_.mount;
    if (!found) {
      add("mount:" + declared_.mount, missing, "sys/mounts/" + declared_.mount,
          {{"type", "kv"}, {"options", {{"version", "2"}}}});
    } else if (found->type != "kv" || found->version != "2") {
      throw base::Error(
          base::ExitCode::contract,
          fmt::format("the vault's mount '{}' is of type '{}' version '{}', expected kv version 2",
                      declared_.mount, found->type, found->version),
          "name another one as 'vault.mount' in fresh-clone.yaml");
    }
  }

  void policies() {
    for (const auto& [name, text] : declared_.policies) {
      const auto found = observed_.policies.find(name);
      const bool is_there = found != observed_.policies.end();
      if (!is_there || found->second != text) {
        add("policy:" + name, is_there ? differs : missing, "sys/policies/acl/" + name, {{"policy", text}});
      }
    }
  }

  void secrets() {
    for (const auto& [path, values] : declared_.secrets) {
      const auto found = observed_.secrets.find(path);
      const bool is_there = found != observed_.secrets.end();
      if (!is_there || found->second != values) {
        add("secret:" + path, is_there ? differs : missing, fmt::format("{}/data/{}", declared_.mount, path),
            {{"data", values}});
      }
    }
  }

  void approles() {
    if (!declared_.approles.empty() && !observed_.has_approle) {
      add("auth:approle", missing, "sys/auth/approle", {{"type", "approle"}});
    }
    for (const auto& [name, wanted] : declared_.approles) {
      const auto found = observed_.approles.find(name);
      const Observed::Role none;
      const bool is_there = found != observed_.approles.end();
      approle(name, wanted, is_there, is_there ? found->second : none);
    }
  }

  void approle(const std::string& name, const Declared::Role& wanted, bool is_there,
               const Observed::Role& found) {
    const std::string subject = "approle:" + name;
    const std::string path = "auth/approle/role/" + name;
    if (!is_there || found.policies != wanted.policies) {
      add(subject, is_there ? differs : missing, path,
          {{"token_policies", wanted.policies}, {"token_no_default_policy", true}});
    }
    if (found.role_id != wanted.role_id) {
      add(subject + ":role-id", is_there ? differs : missing, path + "/role-id",
          {{"role_id", wanted.role_id}});
    }
    if (!found.accessor) {
      add(subject + ":secret-id", missing, path + "/custom-secret-id", {{"secret_id", wanted.secret_id}});
    }
    for (const auto& accessor : found.accessors) {
      if (accessor != found.accessor) {
        add(subject + ":secret-id", "another one is valid", path + "/secret-id-accessor/destroy",
            {{"secret_id_accessor", accessor}});
      }
    }
  }

  void tokens() {
    for (const auto& [name, wanted] : declared_.tokens) {
      const std::string subject = "token:" + name;
      const auto found = observed_.tokens.find(name);
      const bool is_there = found != observed_.tokens.end();
      const bool is_equal = is_there && found->second.policies == wanted.policies;
      if (is_there && !is_equal) {
        add(subject, "its policies differ", "auth/token/revoke", {{"token", wanted.id}});
      }
      if (!is_equal) {
        add(subject, is_there ? differs : missing, "auth/token/create",
            {{"id", wanted.id},
             {"policies", wanted.policies},
             {"display_name", name},
             {"no_parent", true},
             {"no_default_policy", true},
             {"period", fmt::format("{}s", token_period)}});
      } else if (found->second.ttl > 0 && found->second.ttl < found->second.period / 2) {
        add(subject, "ends soon", "auth/token/renew", {{"token", wanted.id}});
      }
    }
  }

  const Declared& declared_;
  const Observed& observed_;
  std::vector<Step> steps_;
};

}  // namespace

std::vector<Step> plan(const Declared& declared, const Observed& observed) {
  return Planner(declared, observed).steps();
}

std::string to_text(const std::vector<Step>& steps) {
  std::string text;
  for (const auto& step : steps) {
    text += fmt::format("write {} ({})\n", step.subject, step.cause);
  }
  return text;
}

}  // namespace fresh::vault
