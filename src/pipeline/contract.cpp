#include "pipeline/contract.h"

#include <fmt/format.h>

#include "base/lines.h"
#include "document/fields.h"
#include "document/refuse.h"

namespace fresh::pipeline {
namespace {

using document::Fields;

/// Python modules by their dotted names.
std::vector<std::string> load_imports(Fields& fields) {
  std::vector<std::string> modules;
  for (const auto& node : fields.word_nodes("imports")) {
    const std::string& name = node.text();
    if (name.find_first_of(" -/'\"();,") != std::string::npos || name.front() == '.' || name.back() == '.') {
      document::refuse(node.place, fmt::format("'{}' is no name of a Python module", name),
                       "write it as in 'import': package.module");
    }
    modules.push_back(name);
  }
  return modules;
}

std::string load_mode(Fields& fields) {
  const std::string mode = fields.word("mode", "");
  if (mode.size() > 4 || mode.find_first_not_of("01234567") != std::string::npos || (!mode.empty() && mode.size() < 3)) {
    document::refuse(fields.find("mode")->place, fmt::format("'{}' are no permission bits", mode),
                     "write three or four octal digits in quotes: '750'");
  }
  return mode;
}

Contract load_contract(const document::Node& node) {
  Fields fields(node, "contract");
  Contract contract;
  contract.service = fields.word("service");
  contract.place = fields.require("service").place;
  contract.imports = load_imports(fields);
  contract.path = fields.word("path", "");
  if (!contract.path.empty() && contract.path.front() != '/') {
    document::refuse(fields.find("path")->place, fmt::format("'{}' is no absolute path in the container", contract.path),
                     "begin it with '/'");
  }
  contract.owner = fields.word("owner", "");
  contract.mode = load_mode(fields);
  contract.writable = fields.boolean("writable", false);
  contract.env = fields.word("env", "");
  if (contract.env.find_first_of("= ") != std::string::npos) {
    document::refuse(fields.find("env")->place, fmt::format("'{}' is no name of a variable", contract.env),
                     "name the variable alone; its value is never compared");
  }
  contract.not_root = fields.boolean("not_root", false);
  fields.finish();
  if (contract.path.empty() && (contract.writable || !contract.owner.empty() || !contract.mode.empty())) {
    document::refuse(node.place, "a contract on 'owner', 'mode' or 'writable' needs a 'path'",
                     "add 'path: /...'");
  }
  if (contract.imports.empty() && contract.path.empty() && contract.env.empty() && !contract.not_root) {
    document::refuse(node.place, fmt::format("the contract of '{}' asks for nothing", contract.service),
                     "add imports, path, env or not_root");
  }
  return contract;
}

std::string trimmed_text(std::string_view text) { return std::string(base::trimmed(text)); }

/// What a command that failed said, on both streams.
std::string said(const engine::ExecResult& result) { return trimmed_text(result.err + result.out); }

/// Runs commands in one container and turns what they say into violations.
class Checker {
 public:
  Checker(const Contract& contract, const std::string& container, engine::Engine& engine, const engine::Call& call)
      : contract_(contract), container_(container), engine_(engine), call_(call) {}

  std::vector<Violation> check() {
    if (!contract_.imports.empty()) {
      check_imports();
    }
    if (!contract_.path.empty()) {
      check_path();
    }
    if (!contract_.env.empty()) {
      check_env();
    }
    if (contract_.not_root) {
      check_user();
    }
    return std::move(violations_);
  }

 private:
  engine::ExecResult exec(std::vector<std::string> command) {
    return engine_.exec(container_, {.command = std::move(command)}, {}, call_);
  }

  void violated(std::string expected, std::string found) {
    violations_.push_back({"contract:" + contract_.service, std::move(expected), std::move(found)});
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
    const auto result = exec(command);
    for (const auto& name : contract_.imports) {
      if (("\n" + result.out).find("\nok " + name + "\n") != std::string::npos) {
        continue;
      }
      const auto at = result.out.find("missing " + name + " ");
      const auto found = at == std::string::npos
                             ? fmt::format("python3 ended with {}: {}", result.exit_code, said(result))
                             : result.out.substr(at, result.out.find('\n', at) - at);
      violated(fmt::format("module '{}' imports", name), found);
    }
  }

  void check_path() {
    const auto result = exec({"stat", "-c", "%U:%G %a", contract_.path});
    if (result.exit_code != 0) {
      violated(fmt::format("'{}' exists", contract_.path), said(result));
      return;
    }
    const std::string facts = trimmed_text(result.out);
    const std::string owner = facts.substr(0, facts.find(' '));
    const std::string mode = facts.substr(facts.find(' ') + 1);
    if (!contract_.owner.empty() && owner != contract_.owner && owner.substr(0, owner.find(':')) != contract_.owner) {
      violated(fmt::format("'{}' is owned by {}", contract_.path, contract_.owner), owner);
    }
    if (!contract_.mode.empty() && mode != contract_.mode && "0" + mode != contract_.mode) {
      violated(fmt::format("'{}' has mode {}", contract_.path, contract_.mode), mode);
    }
    if (contract_.writable && exec({"test", "-w", contract_.path}).exit_code != 0) {
      violated(fmt::format("'{}' is writable by the service", contract_.path),
               fmt::format("not writable; owner {}, mode {}", owner, mode));
    }
  }

  void check_env() {
    const auto result = exec({"printenv", contract_.env});
    if (result.exit_code != 0 || trimmed_text(result.out).empty()) {
      violated(fmt::format("variable '{}' is set", contract_.env), result.exit_code != 0 ? "not set" : "empty");
    }
  }

  void check_user() {
    const auto result = exec({"id", "-u"});
    const std::string uid = trimmed_text(result.out);
    if (result.exit_code != 0 || uid.empty() || uid == "0") {
      violated("the service's user is not root",
               result.exit_code != 0 ? said(result) : fmt::format("uid {}", uid));
    }
  }

  const Contract& contract_;
  const std::string& container_;
  engine::Engine& engine_;
  const engine::Call& call_;
  std::vector<Violation> violations_;
};

}  // namespace

std::vector<Contract> load_contracts(const document::Node* node) {
  std::vector<Contract> contracts;
  if (node == nullptr || node->is_null()) {
    return contracts;
  }
  if (!node->is_list()) {
    document::refuse(node->place, fmt::format("'contracts' takes a list, found {}", document::shown(node->kind)),
                     "begin each contract with '- service: NAME'");
  }
  for (const auto& item : node->items) {
    contracts.push_back(load_contract(item));
  }
  return contracts;
}

std::vector<Violation> check_contract(const Contract& contract, const std::string& container, engine::Engine& engine,
                                      const engine::Call& call) {
  return Checker(contract, container, engine, call).check();
}

std::string shown(const Contract& contract) {
  std::vector<std::string> parts;
  if (!contract.imports.empty()) {
    parts.push_back(fmt::format("imports {}", fmt::join(contract.imports, ", ")));
  }
  if (!contract.path.empty()) {
    parts.push_back(fmt::format("path {}{}", contract.path, contract.writable ? " writable" : ""));
  }
  if (!contract.env.empty()) {
    parts.push_back(fmt::format("env {}", contract.env));
  }
  if (contract.not_root) {
    parts.emplace_back("not root");
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace fresh::pipeline
