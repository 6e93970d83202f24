#include "engine/connections.h"

#include "base/error.h"
#include "base/lines.h"
#include "base/sha256.h"
#include "engine/json_fields.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <map>
#include <vector>

namespace fresh::engine {
namespace {

using nlohmann::json;

std::string variable(const ResolveRequest& request, const std::string& name) {
  const auto found = request.environment.find(name);
  return found == request.environment.end() ? std::string() : found->second;
}

json read_json(const ResolveRequest& request, const std::string& path) {
  const auto text = request.read_file ? request.read_file(path) : std::nullopt;
  if (!text) {
    return {};
  }
  auto parsed = json::parse(*text, nullptr, false);
  if (!parsed.is_object()) {
    throw base::Error(base::ExitCode::machine, fmt::format("'{}' is no JSON object", path),
                      "mend or remove the file, or name the engine with --engine");
  }
  return parsed;
}

/// A quoted TOML string, or the bare text.
std::string unquoted(std::string_view text) {
  if (text.empty() || (text.front() != '"' && text.front() != '\'')) {
    return std::string(base::trimmed(text.substr(0, text.find('#'))));
  }
  std::string result;
  for (std::size_t index = 1; index < text.size() && text[index] != text.front(); ++index) {
    if (text.front() == '"' && text[index] == '\\' && index + 1 < text.size()) {
      ++index;
    }
    result += text[index];
  }
  return result;
}

/// Settings by their full dotted name: `engine.active_service`, `engine.service_destinations.m1.uri`.
void read_settings(std::string_view text, std::map<std::string, std::string>& settings) {
  std::string table;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = base::trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') {
      continue;
    }
    if (line.front() == '[') {
      table.clear();
      for (const char letter : line.substr(1, line.rfind(']') - 1)) {
        if (letter != '"' && letter != '\'' && letter != ' ' && letter != '[') {
          table += letter;
        }
      }
      continue;
    }
    if (const auto equals = line.find('='); equals != std::string_view::npos) {
      settings[table + "." + unquoted(base::trimmed(line.substr(0, equals)))] =
          unquoted(base::trimmed(line.substr(equals + 1)));
    }
  }
}

std::optional<NamedAddress> active_of(const std::map<std::string, std::string>& settings) {
  const auto active = settings.find("engine.active_service");
  if (active == settings.end() || active->second.empty()) {
    return std::nullopt;
  }
  NamedAddress address;
  address.name = active->second;
  const auto prefix = "engine.service_destinations." + address.name;
  if (const auto uri = settings.find(prefix + ".uri"); uri != settings.end()) {
    address.uri = uri->second;
  }
  if (const auto identity = settings.find(prefix + ".identity"); identity != settings.end()) {
    address.identity = identity->second;
  }
  return address;
}

}  // namespace

std::optional<NamedAddress> active_service(std::string_view containers_conf) {
  std::map<std::string, std::string> settings;
  read_settings(containers_conf, settings);
  return active_of(settings);
}

std::optional<NamedAddress> docker_context(const ResolveRequest& request) {
  auto folder = variable(request, "DOCKER_CONFIG");
  if (folder.empty()) {
    folder = request.home + "/.docker";
  }
  auto name = variable(request, "DOCKER_CONTEXT");
  if (name.empty()) {
    name = text_at(read_json(request, folder + "/config.json"), "currentContext");
  }
  if (name.empty() || name == "default") {
    return std::nullopt;
  }
  const auto key = base::sha256_hex(name);
  const auto facts = read_json(request, fmt::format("{}/contexts/meta/{}/meta.json", folder, key));
  NamedAddress address;
  address.name = name;
  address.uri = text_at(facts, "Endpoints/docker/Host");
  address.tls.verify = !flag_at(facts, "Endpoints/docker/SkipTLSVerify");
  const auto material = fmt::format("{}/contexts/tls/{}/docker/", folder, key);
  for (const auto& [file, target] :
       {std::pair{"ca.pem", &address.tls.ca}, std::pair{"cert.pem", &address.tls.certificate},
        std::pair{"key.pem", &address.tls.key}}) {
    if (request.read_file && request.read_file(material + file)) {
      *target = material + file;
      address.has_tls = true;
    }
  }
  return address;
}

std::optional<NamedAddress> podman_connection(const ResolveRequest& request) {
  auto config = variable(request, "XDG_CONFIG_HOME");
  if (config.empty()) {
    config = request.home + "/.config";
  }
  auto connections = variable(request, "PODMAN_CONNECTIONS_CONF");
  if (connections.empty()) {
    connections = config + "/containers/podman-connections.json";
  }
  const auto facts = read_json(request, connections);
  if (const auto name = text_at(facts, "Connection/Default"); !name.empty()) {
    NamedAddress address;
    address.name = name;
    const auto& all = at(facts, "Connection/Connections");
    if (all.is_object() && all.contains(name)) {
      address.uri = text_at(all[name], "URI");
      address.identity = text_at(all[name], "Identity");
    }
    return address;
  }
  std::vector<std::string> files{"/usr/share/containers/containers.conf", "/etc/containers/containers.conf",
                                 config + "/containers/containers.conf"};
  if (auto only = variable(request, "CONTAINERS_CONF"); !only.empty()) {
    files = {only};
  }
  std::map<std::string, std::string> settings;
  for (const auto& file : files) {
    if (const auto text = request.read_file ? request.read_file(file) : std::nullopt) {
      read_settings(*text, settings);
    }
  }
  return active_of(settings);
}

}  // namespace fresh::engine
