#include "vault/run.h"

#include "base/error.h"
#include "base/step_scope.h"

#include <fmt/core.h>

namespace fresh::vault {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds call_deadline(15'000);
/// A KV engine that was just mounted answers 400 until it has its second version ready.
constexpr milliseconds upgrade_deadline(20'000);
constexpr milliseconds upgrade_pause(50);
constexpr int bad_request = 400;

bool is_upgrading(const Refusal& refusal) {
  return refusal.status() == bad_request && refusal.message().find("pgrading") != std::string::npos;
}

void carry_out(Client& client, const Step& step, const OpenOptions& options) {
  const base::Doing doing("carrying out '{}'", step.subject);
  const auto until = options.clock.steady() + upgrade_deadline;
  while (true) {
    try {
      client.write(step.path, step.body, {.deadline = call_deadline, .stop = options.stop});
      return;
    } catch (const Refusal& refusal) {
      if (!is_upgrading(refusal) || options.clock.steady() >= until) {
        throw;
      }
    }
    if (!options.clock.wait(upgrade_pause, options.stop)) {
      throw base::Interrupted("waiting for the vault's KV engine");
    }
  }
}

std::size_t provision(Client& client, const Declared& wanted, const VaultSpec& spec,
                      const OpenOptions& options) {
  if (wanted.empty()) {
    return 0;
  }
  base::StepScope scope(options.sink, options.clock, "vault:" + spec.service,
                        "making its content as declared");
  const auto observed = observe(client, wanted, {.deadline = call_deadline, .stop = options.stop});
  const auto steps = plan(wanted, observed);
  for (const auto& step : steps) {
    carry_out(client, step, options);
  }
  scope.finish(
      steps.empty() ? "unchanged" : "ok",
      steps.empty() ? "its content is as declared" : fmt::format("{} changes to its content", steps.size()));
  return steps.size();
}

}  // namespace

Result bring_up(const VaultSpec& spec, const KeyFile& key_file,
                const std::map<std::string, std::string>& values, const OpenOptions& options) {
  Client client(spec);
  const Opened opened = open(client, spec, key_file, options);
  Result result{.action = opened.action, .health = opened.health};
  result.changes = provision(client, declared(spec, values), spec, options);
  result.health = await_open(client, spec, options);
  return result;
}

}  // namespace fresh::vault
