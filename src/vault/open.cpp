#include "vault/open.h"

#include "base/error.h"
#include "base/step_scope.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace fresh::vault {
namespace {

using base::Error;
using base::ExitCode;
using std::chrono::milliseconds;

constexpr milliseconds call_deadline(10'000);
/// On raft storage an initialisation takes eight seconds.
constexpr milliseconds initialise_deadline(120'000);
constexpr milliseconds first_pause(25);
constexpr milliseconds longest_pause(500);

engine::Call call_of(const OpenOptions& options) {
  return {.deadline = std::min(call_deadline, options.timeout), .stop = options.stop};
}

/// Where a backup is put back, or how one starts without.
std::string lost_remedy(const VaultSpec& spec) {
  return fmt::format(
      "put your copy of '{0}' back (mode 0600); if it is lost, nobody can open the vault again: 'fresh-clone "
      "down -v' removes its data, the next start makes a new vault and a new '{0}'",
      spec.keys.string());
}

void say(const OpenOptions& options, const char* type, const VaultSpec& spec, std::string text) {
  options.sink({.type = type, .subject = "vault:" + spec.service, .text = std::move(text)});
}

/// Asks for the health until `enough`; the deadline's error says what the last answer was.
template <typename Enough>
Health await(Client& client, const VaultSpec& spec, const OpenOptions& options, const char* what,
             Enough&& enough) {
  const auto until = options.clock.steady() + options.timeout;
  std::string why = "it was not asked yet";
  std::string said;
  milliseconds pause = first_pause;
  while (true) {
    if (const auto health = client.health(call_of(options), why)) {
      if (enough(*health)) {
        return *health;
      }
      why = fmt::format("initialized={} sealed={} standby={}", health->initialized, health->sealed,
                        health->standby);
    }
    if (options.clock.steady() >= until) {
      throw Error(ExitCode::contract,
                  fmt::format("the vault at '{}' {} within {}: {}", spec.address, what,
                              base::shown(options.timeout), why),
                  fmt::format("read its log: fresh-clone logs {}; check 'vault.address' in fresh-clone.yaml",
                              spec.service));
    }
    if (why != said) {
      said = why;
      say(options, base::event_type::waiting, spec, why);
    }
    if (!options.clock.wait(pause, options.stop)) {
      throw base::Interrupted("waiting for the vault");
    }
    pause = std::min(pause * 2, longest_pause);
  }
}

/// A name that sorts by time and holds no colon: `20261121T061914.123Z`.
std::string stamp_of(const base::Clock& clock) {
  std::string text = base::rfc3339(clock.wall());
  std::erase_if(text, [](char letter) { return letter == '-' || letter == ':'; });
  return text;
}

Keys initialise(Client& client, const VaultSpec& spec, const KeyFile& key_file, const OpenOptions& options) {
  base::StepScope step(options.sink, options.clock, "vault:" + spec.service, "initialising");
  key_file.check_writable();
  const auto made = client.initialise(spec.shares, spec.threshold, initialise_deadline);
  const Keys keys{
      .home = options.home, .threshold = spec.threshold, .unseal = made.keys, .root_token = made.root_token};
  options.hide(keys.secrets());
  key_file.write(keys);
  step.finish("ok", fmt::format("initialised with {} shares, threshold {}; keys in {}", spec.shares,
                                spec.threshold, spec.keys.string()));
  return keys;
}

[[noreturn]] void wrong_keys(const VaultSpec& spec, const Keys& keys, const OpenOptions& options,
                             const std::string& words) {
  const std::string of_another =
      keys.home == options.home ? ""
                                : fmt::format(" (they were made for the vault in '{}')", keys.home.engine);
  throw Error(ExitCode::contract,
              fmt::format("the keys in '{}' do not open the vault at '{}'{}: {}", spec.keys.string(),
                          spec.address, of_another, words),
              lost_remedy(spec));
}

void unseal(Client& client, const VaultSpec& spec, const Keys& keys, const OpenOptions& options) {
  base::StepScope step(options.sink, options.clock, "vault:" + spec.service, "unsealing");
  SealStatus status = client.seal_status(call_of(options));
  if (status.progress > 0) {
    client.forget_progress(call_of(options));
  }
  try {
    for (std::size_t i = 0; status.sealed && i < keys.unseal.size(); ++i) {
      status = client.unseal(keys.unseal[i], call_of(options));
    }
  } catch (const Refusal& refusal) {
    wrong_keys(spec, keys, options, refusal.message());
  }
  if (status.sealed) {
    wrong_keys(spec, keys, options,
               fmt::format("it wants {} keys, the file has {}", status.threshold, keys.unseal.size()));
  }
  step.finish("ok", "unsealed");
}

}  // namespace

Opening decide(const Health& health, bool has_keys, const VaultSpec& spec) {
  if (!health.initialized) {
    return Opening::initialise;
  }
  if (!has_keys) {
    throw Error(ExitCode::contract,
                fmt::format("the vault at '{}' holds data, and its key file '{}' is lost", spec.address,
                            spec.keys.string()),
                lost_remedy(spec));
  }
  return health.sealed ? Opening::unseal : Opening::nothing;
}

Health await_open(Client& client, const VaultSpec& spec, const OpenOptions& options) {
  return await(client, spec, options, "is not open", [](const Health& health) { return health.is_open(); });
}

Opened open(Client& client, const VaultSpec& spec, const KeyFile& key_file, const OpenOptions& options) {
  const base::Doing doing("opening the vault '{}'", spec.service);
  const Health found = await(client, spec, options, "does not answer", [](const Health&) { return true; });
  const bool has_keys = key_file.exists();
  const Opening opening = decide(found, has_keys, spec);
  std::string action = "already open";
  Keys keys;
  if (opening == Opening::initialise) {
    if (has_keys) {
      const auto aside = key_file.set_aside(stamp_of(options.clock));
      say(options, base::event_type::warning, spec,
          fmt::format("the vault is fresh; the key file of an earlier one is kept as '{}'", aside.string()));
    }
    keys = initialise(client, spec, key_file, options);
    action = "initialised";
  } else {
    keys = key_file.read();
    options.hide(keys.secrets());
  }
  if (opening == Opening::unseal) {
    action = "unsealed";
  }
  if (opening != Opening::nothing) {
    unseal(client, spec, keys, options);
  }
  const Health health = await_open(client, spec, options);
  if (opening == Opening::unseal) {
    say(options, base::event_type::notice, spec, "the vault was sealed; it was unsealed with the kept keys");
  }
  client.use_token(keys.root_token);
  return {.action = std::move(action), .health = health, .keys = std::move(keys)};
}

}  // namespace fresh::vault
