#include "pipeline/contract_check.h"

#include "base/lines.h"
#include "pipeline/container_tool.h"
#include "pipeline/contract_http.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>

namespace fresh::pipeline {
namespace {

/// The state of a listening socket in /proc/net/tcp.
constexpr std::string_view listening = "0A";

std::string no_tool(std::string_view tool) {
  return fmt::format("the image has no '{}' to look with", tool);
}

/// Asks one container and turns what it says into violations.
class Checker {
 public:
  Checker(const Contract& contract, const engine::Container& container, engine::Engine& engine,
          const engine::Call& call)
      : contract_(contract), container_(container), engine_(engine), call_(call) {}

  ContractResult check() {
    const std::string& service = contract_.service;
    remedy_ = fmt::format("install what is missing in the image of '{}'", service);
    guarded(!contract_.imports.empty(), "its modules import", [this] { check_imports(); });
    remedy_ = fmt::format(
        "mend '{0}' in the image of '{1}' or in the volume that is mounted there (a volume keeps owner and "
        "mode until 'fresh-clone down -v')",
        contract_.path, service);
    guarded(!contract_.path.empty(), "its path is as declared", [this] { check_path(); });
    remedy_ = fmt::format("set '{}' under 'environment' of '{}' in the compose file", contract_.env, service);
    guarded(!contract_.env.empty(), "its variable is set", [this] { check_env(); });
    remedy_ = read_log_of(contract_.service);
    guarded(contract_.http.has_value(), "its endpoint answers", [this] { check_http(); });
    guarded(contract_.port > 0, "its port is open", [this] { check_port(); });
    guarded(!contract_.process.empty(), "its process runs", [this] { check_process(); });
    remedy_ = fmt::format("name another 'user' for '{}' in the compose file or in its image", service);
    guarded(contract_.not_root, "its user is not root", [this] { check_user(); });
    return std::move(result_);
  }

 private:
  /// A container that ends, or does not answer in time, breaks the contract; a dead engine breaks the run.
  template <typename Check>
  void guarded(bool asked, const char* expected, Check&& check) {
    if (!asked) {
      return;
    }
    try {
      check();
    } catch (const engine::EngineError& error) {
      if (error.is_lost()) {
        throw;
      }
      remedy_ = read_log_of(contract_.service);
      violated(expected, error.message());
    }
  }

  std::optional<engine::ExecResult> exec(std::vector<std::string> command) {
    return run_tool(engine_, container_.name, std::move(command), call_);
  }

  void violated(std::string expected, std::string found) {
    result_.violations.push_back({"contract:" + contract_.service, std::move(expected), std::move(found),
                                  contract_.place.text(), remedy_});
  }

  void check_imports() {
    static constexpr const char* program =
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    try:\n"
        "        importlib.import_module(name)\n"
        "        print('ok', name)\n"
        "    except BaseException as error:\n"
        "        print('missing', name, type(error).__name__ + ':', error)\n";
    std::vector<std::string> command{"python3", "-c", program};
    command.insert(command.end(), contract_.imports.begin(), contract_.imports.end());
    const auto ran = exec(command);
    for (const auto& name : contract_.imports) {
      if (!ran) {
        violated(fmt::format("module '{}' imports", name), no_tool("python3"));
        continue;
      }
      if (("\n" + ran->out).find("\nok " + name + "\n") != std::string::npos) {
        continue;
      }
      const auto at = ran->out.find("missing " + name + " ");
      const auto found = at == std::string::npos
                             ? fmt::format("python3 ended with {}: {}", ran->exit_code, said(*ran))
                             : ran->out.substr(at, ran->out.find('\n', at) - at);
      violated(fmt::format("module '{}' imports", name), found);
    }
  }

  void check_path() {
    const auto ran = exec({"stat", "-c", "%U:%G %a", contract_.path});
    if (!ran || ran->exit_code != 0) {
      violated(fmt::format("'{}' exists", contract_.path), ran ? said(*ran) : no_tool("stat"));
      return;
    }
    const std::string facts(base::trimmed(ran->out));
    const std::string owner = facts.substr(0, facts.find(' '));
    const std::string mode = facts.substr(facts.find(' ') + 1);
    if (!contract_.owner.empty() && owner != contract_.owner &&
        owner.substr(0, owner.find(':')) != contract_.owner) {
      violated(fmt::format("'{}' is owned by {}", contract_.path, contract_.owner), owner);
    }
    if (!contract_.mode.empty() && mode != contract_.mode && "0" + mode != contract_.mode) {
      violated(fmt::format("'{}' has mode {}", contract_.path, contract_.mode), mode);
    }
    if (contract_.writable) {
      const auto test = exec({"test", "-w", contract_.path});
      if (!test || test->exit_code != 0) {
        violated(fmt::format("'{}' is writable by the service", contract_.path),
                 test ? fmt::format("not writable; owner {}, mode {}", owner, mode) : no_tool("test"));
      }
    }
  }

  /// Presence and length are told, the value never is.
  void check_env() {
    const std::string expected =
        contract_.min_length > 0
            ? fmt::format("variable '{}' has {} characters or more", contract_.env, contract_.min_length)
            : fmt::format("variable '{}' is set", contract_.env);
    const auto ran = exec({"printenv", contract_.env});
    if (!ran) {
      violated(expected, no_tool("printenv"));
      return;
    }
    std::string value = ran->out;
    if (value.ends_with('\n')) {
      value.pop_back();
    }
    if (ran->exit_code != 0 || base::trimmed(value).empty()) {
      violated(expected, ran->exit_code != 0 ? "not set" : "empty");
    } else if (value.size() < contract_.min_length) {
      violated(expected, fmt::format("{}", value.size()));
    } else {
      result_.facts.push_back(fmt::format("{} has {} characters", contract_.env, value.size()));
    }
  }

  void check_http() {
    if (const auto mismatch =
            judge_http(*contract_.http, ask_http(*contract_.http, container_, engine_, call_))) {
      violated(mismatch->expected, mismatch->found);
    }
  }

  /// A published port is no evidence: the engine's own proxy takes connections for a service that does not
  /// listen.
  void check_port() {
    const std::string expected = fmt::format("port {} is open", contract_.port);
    // A kernel without IPv6 has no tcp6: what could be read counts.
    const auto ran = exec({"cat", "/proc/net/tcp", "/proc/net/tcp6"});
    if (!ran) {
      violated(expected, no_tool("cat"));
    } else if (!listens(ran->out, contract_.port)) {
      violated(expected, "nothing listens on it");
    }
  }

  void check_process() {
    const auto table = engine_.processes(container_.name, call_);
    std::string seen;
    for (const auto& row : table.rows) {
      if (row.empty()) {
        continue;
      }
      if (row.back().find(contract_.process) != std::string::npos) {
        return;
      }
      seen += (seen.empty() ? "" : ", ") + row.back().substr(0, row.back().find(' '));
    }
    violated(fmt::format("a process '{}' runs", contract_.process),
             seen.empty() ? "no process" : "only " + seen);
  }

  void check_user() {
    const char* expected = "the service's user is not root";
    if (const auto ran = exec({"id", "-u"})) {
      const std::string uid(base::trimmed(ran->out));
      if (ran->exit_code != 0 || uid.empty() || uid == "0") {
        violated(expected, ran->exit_code != 0 ? said(*ran) : fmt::format("uid {}", uid));
      }
      return;
    }
    const auto table = engine_.processes(container_.name, call_);
    const bool is_root = std::any_of(table.rows.begin(), table.rows.end(), [](const auto& row) {
      return !row.empty() && (row.front() == "root" || row.front() == "0");
    });
    if (is_root || table.rows.empty()) {
      violated(expected, table.rows.empty() ? "no process" : "a process of root");
    }
  }

  std::string remedy_;  ///< of what is being checked
  const Contract& contract_;
  const engine::Container& container_;
  engine::Engine& engine_;
  const engine::Call& call_;
  ContractResult result_;
};

}  // namespace

ContractResult check_contract(const Contract& contract, const engine::Container& container,
                              engine::Engine& engine, const engine::Call& call) {
  return Checker(contract, container, engine, call).check();
}

bool listens(std::string_view proc_net_tcp, int port) {
  std::istringstream lines{std::string(proc_net_tcp)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string number;
    std::string local;
    std::string remote;
    std::string state;
    words >> number >> local >> remote >> state;
    const auto colon = local.rfind(':');
    if (state != listening || colon == std::string::npos) {
      continue;
    }
    int found = 0;
    const char* end = local.data() + local.size();
    const auto [stopped, error] = std::from_chars(local.data() + colon + 1, end, found, 16);
    if (error == std::errc() && stopped == end && found == port) {
      return true;
    }
  }
  return false;
}

}  // namespace fresh::pipeline
