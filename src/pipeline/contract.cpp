#include "pipeline/contract.h"

#include "document/fields.h"
#include "document/refuse.h"

#include <fmt/format.h>

namespace fresh::pipeline {
namespace {

using document::Fields;

constexpr int highest_port = 65535;
constexpr int most_probes = 100;
constexpr int longest_value = 65536;

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
  if (mode.size() > 4 || mode.find_first_not_of("01234567") != std::string::npos ||
      (!mode.empty() && mode.size() < 3)) {
    document::refuse(fields.find("mode")->place, fmt::format("'{}' are no permission bits", mode),
                     "write three or four octal digits in quotes: '750'");
  }
  return mode;
}

HttpContract load_http(const document::Node& node) {
  Fields fields(node, "http");
  HttpContract http;
  http.url = fields.word("url", "");
  http.port = static_cast<int>(fields.integer("port", 0, 1, highest_port));
  http.path = fields.word("path", http.path);
  http.status = static_cast<int>(fields.integer("status", http.status, 100, 599));
  http.pointer = fields.text("pointer", "");
  if (const auto* equals = fields.find("equals")) {
    http.equals = equals->is_null() ? "null" : equals->text();
  }
  fields.finish();
  if (http.url.empty() == (http.port == 0)) {
    document::refuse(node.place, "'http' takes either a 'url' or a 'port'",
                     "write {port: 8000, path: /health}, or {url: 'http://127.0.0.1:18000/health'}");
  }
  if (!http.url.empty() && !http.url.starts_with("http://") && !http.url.starts_with("https://")) {
    document::refuse(fields.find("url")->place, fmt::format("'{}' is no http address", http.url),
                     "begin it with http://");
  }
  if (!http.path.starts_with('/')) {
    document::refuse(fields.find("path")->place, fmt::format("'{}' is no path of a URL", http.path),
                     "begin it with '/'");
  }
  if (!http.pointer.empty() && !http.pointer.starts_with('/')) {
    document::refuse(fields.find("pointer")->place, fmt::format("'{}' is no JSON pointer", http.pointer),
                     "write it as in RFC 6901: /status, or /nodes/0/name");
  }
  if (http.equals && http.pointer.empty()) {
    document::refuse(node.place, "'equals' needs a 'pointer' to what is compared", "add pointer: /NAME");
  }
  return http;
}

Contract load_contract(const document::Node& node) {
  Fields fields(node, "contract");
  Contract contract;
  contract.service = fields.word("service");
  contract.place = fields.require("service").place;
  contract.imports = load_imports(fields);
  contract.path = fields.word("path", "");
  if (!contract.path.empty() && contract.path.front() != '/') {
    document::refuse(fields.find("path")->place,
                     fmt::format("'{}' is no absolute path in the container", contract.path),
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
  contract.min_length = static_cast<std::size_t>(fields.integer("min_length", 0, 1, longest_value));
  if (contract.min_length > 0 && contract.env.empty()) {
    document::refuse(fields.find("min_length")->place, "'min_length' needs 'env'",
                     "name the variable: env: NAME");
  }
  contract.stays_healthy = static_cast<int>(fields.integer("stays_healthy", 0, 1, most_probes));
  if (const auto* http = fields.find("http")) {
    contract.http = load_http(*http);
  }
  contract.port = static_cast<int>(fields.integer("port", 0, 1, highest_port));
  contract.process = fields.word("process", "");
  contract.not_root = fields.boolean("not_root", false);
  fields.finish();
  if (contract.path.empty() && (contract.writable || !contract.owner.empty() || !contract.mode.empty())) {
    document::refuse(node.place, "a contract on 'owner', 'mode' or 'writable' needs a 'path'",
                     "add 'path: /...'");
  }
  const bool asks = !contract.imports.empty() || !contract.path.empty() || !contract.env.empty() ||
                    contract.not_root || contract.stays_healthy > 0 || contract.http || contract.port > 0 ||
                    !contract.process.empty();
  if (!asks) {
    document::refuse(node.place, fmt::format("the contract of '{}' asks for nothing", contract.service),
                     "add stays_healthy, imports, path, env, http, port, process or not_root");
  }
  return contract;
}

}  // namespace

std::vector<Contract> load_contracts(const document::Node* node) {
  std::vector<Contract> contracts;
  if (node == nullptr || node->is_null()) {
    return contracts;
  }
  if (!node->is_list()) {
    document::refuse(node->place,
                     fmt::format("'contracts' takes a list, found {}", document::shown(node->kind)),
                     "begin each contract with '- service: NAME'");
  }
  for (const auto& item : node->items) {
    contracts.push_back(load_contract(item));
  }
  return contracts;
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
  if (contract.stays_healthy > 0) {
    parts.push_back(fmt::format("healthy {} times", contract.stays_healthy));
  }
  if (contract.http) {
    parts.push_back(fmt::format(
        "http {}", contract.http->url.empty() ? fmt::format(":{}{}", contract.http->port, contract.http->path)
                                              : contract.http->url));
  }
  if (contract.port > 0) {
    parts.push_back(fmt::format("port {}", contract.port));
  }
  if (!contract.process.empty()) {
    parts.push_back(fmt::format("process {}", contract.process));
  }
  if (contract.not_root) {
    parts.emplace_back("not root");
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace fresh::pipeline
