#include "cli/rows.h"

#include "base/characters.h"
#include "cli/age.h"
#include "engine/dialect.h"
#include "pipeline/service_state.h"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <map>

namespace fresh::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t short_id = 12;
constexpr std::size_t short_command = 20;
constexpr std::size_t short_mount = 15;

std::string cut(const std::string& text, std::size_t length, bool whole) {
  return whole || base::characters(text) <= length
             ? text
             : std::string(base::first_characters(text, length - 1)) + "…";
}

/// `1.2kB`, three digits, of thousands (docker's go-units, HumanSizeWithPrecision).
std::string shown_thousands(std::int64_t bytes) {
  static constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1000 && unit + 1 < std::size(units); ++unit) {
    value /= 1000;
  }
  return fmt::format("{:.3g}{}", value, units[unit]);
}

/// `7.625GiB`, four digits (go-units, BytesSize).
std::string shown_binary(std::int64_t bytes) {
  static constexpr const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < std::size(units); ++unit) {
    value /= 1024;
  }
  return fmt::format("{:.4g}{}", value, units[unit]);
}

/// As Docker's own list of containers joins it.
std::string joined(const std::vector<std::string>& command) {
  std::string text;
  for (const auto& word : command) {
    const char* quote = word.find(' ') == std::string::npos ? "" : "'";
    text.append(text.empty() ? "" : " ").append(quote).append(word).append(quote);
  }
  return text;
}

Json publishers(const std::vector<engine::PortBinding>& ports) {
  Json list;
  for (const auto& port : ports) {
    list.push_back({{"URL", port.host_ip},
                    {"TargetPort", port.container_port},
                    {"PublishedPort", port.host_port.value_or(0)},
                    {"Protocol", port.protocol}});
  }
  return list;
}

}  // namespace

const std::vector<Column>& columns_of(const std::string& verb) {
  static const std::map<std::string, std::vector<Column>> columns{
      {"ps",
       {{"Command", "COMMAND"},
        {"CreatedAt", "CREATED AT"},
        {"ExitCode", "EXIT CODE"},
        {"Health", "HEALTH"},
        {"ID", "CONTAINER ID"},
        {"Image", "IMAGE"},
        {"Labels", "LABELS"},
        {"LocalVolumes", "LOCAL VOLUMES"},
        {"Mounts", "MOUNTS"},
        {"Name", "NAME"},
        {"Names", "NAMES"},
        {"Networks", "NETWORKS"},
        {"Ports", "PORTS"},
        {"Project", "PROJECT"},
        {"Publishers", "PUBLISHERS"},
        {"RunningFor", "CREATED"},
        {"Service", "SERVICE"},
        {"State", "STATE"},
        {"Status", "STATUS"}}},
      {"stats",
       {{"BlockIO", "BLOCK I/O"},
        {"CPUPerc", "CPU %"},
        {"Container", "CONTAINER"},
        {"ID", "CONTAINER ID"},
        {"MemPerc", "MEM %"},
        {"MemUsage", "MEM USAGE / LIMIT"},
        {"Name", "NAME"},
        {"NetIO", "NET I/O"},
        {"PIDs", "PIDS"},
        {"Service", "SERVICE"}}},
      {"images",
       {{"ID", "IMAGE ID"},
        {"Repository", "REPOSITORY"},
        {"Service", "SERVICE"},
        {"Size", "SIZE"},
        {"Tag", "TAG"}}},
      {"ls", {{"ConfigFiles", "CONFIG FILES"}, {"Name", "NAME"}, {"Status", "STATUS"}}},
      {"volumes", {{"Driver", "DRIVER"}, {"Labels", "LABELS"}, {"Name", "VOLUME NAME"}}}};
  return columns.at(verb);
}

Json row_of(const pipeline::StackContainer& one, const std::string& project, bool whole,
            std::chrono::sys_seconds now) {
  const auto& container = one.container;
  std::vector<std::string> mounts;
  int volumes = 0;
  for (const auto& mount : container.mounts) {
    mounts.push_back(cut(mount.source, short_mount, whole));
    volumes += mount.type == engine::MountType::volume ? 1 : 0;
  }
  std::vector<std::string> networks;
  for (const auto& [name, aliases] : container.networks) {
    networks.push_back(name);
  }
  const auto created = moment_of(container.created);
  const bool ended = container.state == "exited" || container.state == "dead";
  return {{"Command", Json(cut(joined(container.command), short_command, whole))
                          .dump(-1, ' ', false, Json::error_handler_t::replace)},
          {"CreatedAt", created ? shown_moment(*created) : ""},
          {"ExitCode", ended ? container.exit_code : 0},
          {"Health", container.state == "running" ? container.health : ""},
          {"ID", whole ? container.id.hex : container.id.hex.substr(0, short_id)},
          {"Image", container.image},
          {"Labels", container.labels},
          {"LocalVolumes", std::to_string(volumes)},
          {"Mounts", fmt::format("{}", fmt::join(mounts, ","))},
          {"Name", container.name},
          {"Names", container.name},
          {"Networks", fmt::format("{}", fmt::join(networks, ","))},
          {"Ports", pipeline::shown_ports(container.ports)},
          {"Project", project},
          {"Publishers", publishers(container.ports)},
          {"RunningFor", created ? shown_span(now - *created) + " ago" : ""},
          {"Service", one.service},
          {"State", container.state},
          {"Status", shown_status(container, now)}};
}

Json row_of(const pipeline::Usage& usage, bool whole) {
  const auto& use = usage.use;
  const auto& container = usage.of.container;
  const std::string id = whole ? container.id.hex : container.id.hex.substr(0, short_id);
  const double share = use.memory_limit > 0
                           ? 100.0 * static_cast<double>(use.memory) / static_cast<double>(use.memory_limit)
                           : 0;
  return {{"BlockIO", shown_thousands(use.block_in) + " / " + shown_thousands(use.block_out)},
          {"CPUPerc", fmt::format("{:.2f}%", usage.cpu_percent)},
          {"Container", id},
          {"ID", id},
          {"MemPerc", fmt::format("{:.2f}%", share)},
          {"MemUsage", shown_binary(use.memory) + " / " + shown_binary(use.memory_limit)},
          {"Name", container.name},
          {"NetIO", shown_thousands(use.network_in) + " / " + shown_thousands(use.network_out)},
          {"PIDs", std::to_string(use.processes)},
          {"Service", usage.of.service}};
}

Json row_of(const pipeline::ServiceImage& image, std::int64_t size) {
  const auto [repository, tag] = engine::split_tag(image.image);
  return {{"ID", image.id.empty() ? "" : "sha256:" + image.id},
          {"Repository", repository},
          {"Service", image.service},
          {"Size", size},
          {"Tag", tag}};
}

Json row_of(const pipeline::ListedProject& project, const std::string& status) {
  return {{"ConfigFiles", project.config_files}, {"Name", project.name}, {"Status", status}};
}

Json row_of(const engine::Volume& volume) {
  return {{"Driver", volume.driver}, {"Labels", volume.labels}, {"Name", volume.name}};
}

}  // namespace fresh::cli
