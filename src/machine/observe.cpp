#include "machine/observe.h"

#include "base/error.h"
#include "machine/podman_words.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

namespace fresh::machine {
namespace {

using nlohmann::json;

constexpr std::int64_t mebibyte = std::int64_t{1024} * 1024;
constexpr std::int64_t gibibyte = 1024 * mebibyte;
constexpr base::Milliseconds question_deadline = std::chrono::seconds(30);

json parsed_list(std::string_view text, std::string_view command) {
  json list = json::parse(text, nullptr, false);
  if (list.is_null()) {
    return json::array();  // podman 4 prints `null` for an empty list of some kinds
  }
  if (!list.is_array()) {
    throw base::Error(base::ExitCode::machine,
                      fmt::format("'podman {}' printed no JSON list: '{}'", command, text.substr(0, 80)),
                      "check that 'podman' on PATH is the real program");
  }
  return list;
}

std::string text_at(const json& object, const char* pointer) {
  const json::json_pointer place(pointer);
  const json value = object.is_object() && object.contains(place) ? object.at(place) : json();
  return value.is_string() ? value.get<std::string>() : std::string();
}

/// A whole number, written as one or as text; 0 for anything else.
std::int64_t number_at(const json& object, const char* pointer) {
  const json::json_pointer place(pointer);
  const json value = object.is_object() && object.contains(place) ? object.at(place) : json();
  if (value.is_number_integer()) {
    return value.get<std::int64_t>();
  }
  const std::string text = value.is_string() ? value.get<std::string>() : std::string();
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool flag_at(const json& object, const char* key) {
  return object.is_object() && object.contains(key) && object.at(key) == true;
}

/// `list`: sizes in bytes, written as text.
ObservedMachine from_list(const json& entry) {
  ObservedMachine machine;
  machine.name = text_at(entry, "/Name");
  machine.resources = {.cpus = static_cast<int>(number_at(entry, "/CPUs")),
                       .memory_mb = static_cast<int>(number_at(entry, "/Memory") / mebibyte),
                       .disk_gb = static_cast<int>(number_at(entry, "/DiskSize") / gibibyte)};
  machine.running = flag_at(entry, "Running");
  machine.starting = flag_at(entry, "Starting");
  machine.ssh_port = static_cast<int>(number_at(entry, "/Port"));
  return machine;
}

/// `inspect` adds the paths; its sizes are in MiB and GiB and so exact.
void add_inspected(ObservedMachine& machine, const json& entry) {
  machine.resources = {.cpus = static_cast<int>(number_at(entry, "/Resources/CPUs")),
                       .memory_mb = static_cast<int>(number_at(entry, "/Resources/Memory")),
                       .disk_gb = static_cast<int>(number_at(entry, "/Resources/DiskSize"))};
  machine.image_path = text_at(entry, "/Image/ImagePath/Path");
  machine.ignition_path = text_at(entry, "/Image/IgnitionFilePath/Path");
  machine.socket = text_at(entry, "/ConnectionInfo/PodmanSocket/Path");
  machine.ssh_port = static_cast<int>(number_at(entry, "/SSHConfig/Port"));
}

bool is_gone(const std::string& path) {
  std::error_code error;
  return !path.empty() && !std::filesystem::exists(path, error) && !error;
}

std::string answer(const PodmanCommand& podman, const std::vector<std::string>& arguments,
                   const std::stop_token& stop) {
  const auto result = ask_podman(podman, arguments, question_deadline, stop);
  if (result.exit_code != 0 || result.timed_out) {
    refuse_result(arguments, result);
  }
  return result.out;
}

}  // namespace

const ObservedMachine* ObservedMachines::find(std::string_view name) const {
  const auto found = std::find_if(machines.begin(), machines.end(),
                                  [&](const ObservedMachine& machine) { return machine.name == name; });
  return found == machines.end() ? nullptr : &*found;
}

std::vector<ObservedMachine> parse_machines(std::string_view list_json, std::string_view inspect_json) {
  const json inspected = parsed_list(inspect_json, "machine inspect");
  std::vector<ObservedMachine> machines;
  for (const json& entry : parsed_list(list_json, "machine list")) {
    ObservedMachine machine = from_list(entry);
    for (const json& details : inspected) {
      if (text_at(details, "/Name") == machine.name) {
        add_inspected(machine, details);
      }
    }
    machines.push_back(std::move(machine));
  }
  std::sort(machines.begin(), machines.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return machines;
}

std::vector<KnownConnection> parse_connections(std::string_view text) {
  std::vector<KnownConnection> connections;
  for (const json& entry : parsed_list(text, "system connection list")) {
    connections.push_back({.name = text_at(entry, "/Name"),
                           .uri = text_at(entry, "/URI"),
                           .identity = text_at(entry, "/Identity")});
  }
  std::sort(connections.begin(), connections.end());
  return connections;
}

ObservedMachines observe(const PodmanCommand& podman, const std::stop_token& stop) {
  const base::Doing doing("asking podman for its machines");
  const std::string list = answer(podman, {"machine", "list", "--format", "json"}, stop);
  std::vector<std::string> inspect = {"machine", "inspect"};
  for (const auto& machine : parse_machines(list, "[]")) {
    inspect.push_back(machine.name);
  }
  ObservedMachines observed;
  // Without a name, inspect asks for podman's default machine and fails where there is none.
  observed.machines = parse_machines(list, inspect.size() > 2 ? answer(podman, inspect, stop) : "[]");
  observed.connections =
      parse_connections(answer(podman, {"system", "connection", "list", "--format", "json"}, stop));
  for (auto& machine : observed.machines) {
    machine.half_made = is_gone(machine.image_path) || is_gone(machine.ignition_path);
  }
  return observed;
}

}  // namespace fresh::machine
