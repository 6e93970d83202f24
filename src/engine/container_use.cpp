#include "engine/json_fields.h"
#include "engine/socket_engine.h"
#include "engine/url.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace fresh::engine {
namespace {

using nlohmann::json;

std::int64_t block_bytes(const json& answer, std::string_view operation) {
  std::int64_t sum = 0;
  for (const auto& entry : list_at(answer, "blkio_stats/io_service_bytes_recursive")) {
    std::string name = text_at(entry, "op");
    std::transform(name.begin(), name.end(), name.begin(), [](char letter) {
      return static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter + 32 : letter);
    });
    sum += name == operation ? number_at(entry, "value") : 0;
  }
  return sum;
}

std::int64_t network_bytes(const json& answer, const char* field) {
  std::int64_t sum = 0;
  for (const auto& name : keys_at(answer, "networks")) {
    sum += number_at(at(answer, "networks")[name], field);
  }
  return sum;
}

/// The page cache that the kernel gives up first does not count, as in `docker stats`: its name differs
/// between cgroup v1 and v2.
std::int64_t used_memory(const json& answer) {
  const auto used = number_at(answer, "memory_stats/usage");
  auto cache = number_at(answer, "memory_stats/stats/total_inactive_file");
  if (cache == 0) {
    cache = number_at(answer, "memory_stats/stats/inactive_file");
  }
  return cache < used ? used - cache : used;
}

}  // namespace

ProcessTable SocketEngine::processes(const std::string& container, const Call& call) {
  const auto answer = get_json(native(fmt::format("/containers/{}/top", path_part(container))),
                               fmt::format("listing the processes of container '{}'", container), call);
  ProcessTable table{.titles = texts_at(answer, "Titles"), .rows = {}};
  for (const auto& row : list_at(answer, "Processes")) {
    table.rows.push_back(texts_at(json{{"row", row}}, "row"));
  }
  return table;
}

ContainerUse SocketEngine::use_of(const std::string& container, const Call& call) {
  const auto query = Query().add("stream", false).add("one-shot", true).text();
  const auto answer = get_json(docker(fmt::format("/containers/{}/stats{}", path_part(container), query)),
                               fmt::format("asking what container '{}' uses", container), call);
  return {.cpu_time = number_at(answer, "cpu_stats/cpu_usage/total_usage"),
          .system_time = number_at(answer, "cpu_stats/system_cpu_usage"),
          .cpus = number_at(answer, "cpu_stats/online_cpus"),
          .memory = used_memory(answer),
          .memory_limit = number_at(answer, "memory_stats/limit"),
          .network_in = network_bytes(answer, "rx_bytes"),
          .network_out = network_bytes(answer, "tx_bytes"),
          .block_in = block_bytes(answer, "read"),
          .block_out = block_bytes(answer, "write"),
          .processes = number_at(answer, "pids_stats/current")};
}

}  // namespace fresh::engine
