#include "base/doing.h"
#include "engine/fault.h"
#include "engine/json_fields.h"
#include "engine/socket_engine.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <sys/statvfs.h>
#include <utility>

namespace fresh::engine {
namespace {

using nlohmann::json;

std::pair<int, int> api_number(std::string_view text) {
  std::pair<int, int> number{0, 0};
  const auto dot = std::min(text.find('.'), text.size());
  std::from_chars(text.data(), text.data() + dot, number.first);
  if (dot < text.size()) {
    std::from_chars(text.data() + dot + 1, text.data() + text.size(), number.second);
  }
  return number;
}

std::string plain_architecture(const std::string& name) {
  if (name == "x86_64") {
    return "amd64";
  }
  return name == "aarch64" ? "arm64" : name;
}

/// Docker does not tell the free space, only its folder; that helps where the folder is on this machine.
std::int64_t free_below(const std::string& folder) {
  struct statvfs facts {};
  if (folder.empty() || ::statvfs(folder.c_str(), &facts) != 0) {
    return 0;
  }
  return static_cast<std::int64_t>(facts.f_bavail) * static_cast<std::int64_t>(facts.f_frsize);
}

Info podman_info(const json& answer) {
  Info info;
  info.cpus = number_at(answer, "host/cpus");
  info.memory = number_at(answer, "host/memTotal");
  info.root = text_at(answer, "store/graphRoot");
  const auto allocated = number_at(answer, "store/graphRootAllocated");
  info.disk_free =
      allocated > 0 ? allocated - number_at(answer, "store/graphRootUsed") : free_below(info.root);
  info.architecture = plain_architecture(text_at(answer, "host/arch"));
  info.kernel = text_at(answer, "host/kernel");
  info.operating_system = fmt::format("{} {}", text_at(answer, "host/distribution/distribution"),
                                      text_at(answer, "host/distribution/version"));
  info.cgroup_version = text_at(answer, "host/cgroupVersion");
  info.cgroup_manager = text_at(answer, "host/cgroupManager");
  info.network_backend = text_at(answer, "host/networkBackend");
  info.storage_driver = text_at(answer, "store/graphDriverName");
  info.runtime = text_at(answer, "host/ociRuntime/name");
  info.rootless = flag_at(answer, "host/security/rootless");
  // Without root, limits need controllers that were delegated to the user; cgroup v1 cannot delegate.
  const auto controllers = texts_at(answer, "host/cgroupControllers");
  const bool delegated = std::find(controllers.begin(), controllers.end(), "memory") != controllers.end();
  info.memory_limits = !info.rootless || (info.cgroup_version == "v2" && delegated);
  return info;
}

Info docker_info(const json& answer) {
  Info info;
  info.cpus = number_at(answer, "NCPU");
  info.memory = number_at(answer, "MemTotal");
  info.root = text_at(answer, "DockerRootDir");
  info.disk_free = free_below(info.root);
  info.architecture = plain_architecture(text_at(answer, "Architecture"));
  info.kernel = text_at(answer, "KernelVersion");
  info.operating_system = text_at(answer, "OperatingSystem");
  info.cgroup_version = "v" + text_at(answer, "CgroupVersion");
  info.cgroup_manager = text_at(answer, "CgroupDriver");
  info.network_backend = "docker";
  info.storage_driver = text_at(answer, "Driver");
  info.runtime = text_at(answer, "DefaultRuntime");
  for (const auto& option : texts_at(answer, "SecurityOptions")) {
    info.rootless = info.rootless || option.find("name=rootless") != std::string::npos;
  }
  info.memory_limits = flag_at(answer, "MemoryLimit");
  return info;
}

/// `20.10.24+dfsg1` of a ping's `Server: Docker/20.10.24+dfsg1 (linux)`; empty for others.
std::string docker_version(std::string_view server) {
  constexpr std::string_view prefix = "Docker/";
  if (!server.starts_with(prefix)) {
    return {};
  }
  server.remove_prefix(prefix.size());
  return std::string(server.substr(0, server.find(' ')));
}

/// Podman tells all in the headers of `_ping`; its /version takes a third of a second. So does Docker up to
/// API 1.43, whose oldest version is fixed at 1.12; its /version takes longer than all else that an idle `up`
/// asks.
Version identify(HttpClient& http, const Call& call) {
  const Budget budget(call);
  Request ping;
  ping.method = "GET";
  ping.target = "/_ping";
  const auto answer = http.perform(ping, budget.left());
  if (!answer.succeeded()) {
    throw EngineError(base::ExitCode::machine, Fault::failed, answer.status,
                      fmt::format("'unix://{}' answered HTTP {} to a ping: {}", http.socket_path(),
                                  answer.status, error_text(answer.body)),
                      "check that a Podman or Docker engine listens there");
  }
  const auto header = [&](const char* name) {
    const auto found = answer.headers.find(name);
    return found == answer.headers.end() ? std::string() : found->second;
  };
  Version version;
  if (auto libpod = header("libpod-api-version"); !libpod.empty()) {
    version.flavor = Flavor::podman;
    version.engine = std::move(libpod);
    version.api = negotiate("1.24", header("api-version"));
    return version;
  }
  const auto newest = header("api-version");
  version.flavor = Flavor::docker;
  version.engine = docker_version(header("server"));
  if (!version.engine.empty() && !newest.empty() && api_older(newest, "1.44")) {
    version.api = negotiate("1.12", newest);
    return version;
  }
  ping.target = "/version";
  const auto body = http.perform(ping, budget.left());
  const auto facts = parse_json(body.body, "asking for the engine's version");
  version.engine = text_at(facts, "Version");
  version.api = negotiate(text_at(facts, "MinAPIVersion"), text_at(facts, "ApiVersion"));
  if (!body.succeeded() || version.engine.empty()) {
    throw EngineError(base::ExitCode::machine, Fault::failed, body.status,
                      fmt::format("what listens at 'unix://{}' is no container engine that fresh-clone knows",
                                  http.socket_path()),
                      "give the address of a Podman or Docker engine with --engine");
  }
  return version;
}

/// A socket that takes the connection and never answers is no engine that works: said as that, with the exit
/// code of the machine.
[[noreturn]] void mute(const std::string& address, const Call& call) {
  throw EngineError(
      base::ExitCode::machine, Fault::timed_out, 0,
      fmt::format("'{}' takes connections but did not answer within {} ms", address, call.deadline.count()),
      "the engine hangs or is no engine: restart it, or name another one with --engine");
}

}  // namespace

bool api_older(std::string_view left, std::string_view right) {
  return api_number(left) < api_number(right);
}

std::string negotiate(std::string_view minimum, std::string_view maximum) {
  std::string wanted = "1.41";
  if (!maximum.empty() && api_older(maximum, wanted)) {
    wanted = maximum;
  }
  if (!minimum.empty() && api_older(wanted, minimum)) {
    wanted = minimum;
  }
  return wanted;
}

std::unique_ptr<Engine> connect(const ResolvedEndpoint& resolved, const Call& call,
                                CredentialRequest credentials) {
  const base::Doing doing("connecting to the engine '{}' ({})", resolved.endpoint.text(), resolved.origin);
  if (resolved.endpoint.scheme != Scheme::unix_socket) {
    throw base::Error(
        base::ExitCode::machine,
        fmt::format("'{}' is a remote engine: only unix sockets are connected in this version, tcp and "
                    "ssh come later",
                    resolved.endpoint.text()),
        "forward its socket: ssh -N -L /tmp/engine.sock:/run/podman/podman.sock USER@HOST, then use "
        "--engine unix:///tmp/engine.sock");
  }
  HttpClient http(resolved.endpoint.path);
  try {
    auto version = identify(http, call);
    return std::make_unique<SocketEngine>(resolved.endpoint.path, std::move(version), std::move(credentials));
  } catch (const EngineError& error) {
    if (error.fault() == Fault::timed_out) {
      mute(resolved.endpoint.text(), call);
    }
    throw;
  }
}

std::string SocketEngine::native(std::string_view path) const {
  // Every engine from 4.0 on takes this version; the answers are those of its own.
  return podman() ? fmt::format("/v4.0.0/libpod{}", path) : docker(path);
}

std::string SocketEngine::docker(std::string_view path) const {
  return fmt::format("/v{}{}", version_.api, path);
}

Request SocketEngine::post(std::string target, const json& body) const {
  Request request;
  request.method = "POST";
  request.target = std::move(target);
  request.body = body.is_null() ? std::string() : body.dump();
  return request;
}

Answer SocketEngine::expect(const Request& request, std::string_view what, const Call& call) {
  auto answer = http_.perform(request, call);
  if (!answer.succeeded() && answer.status != 304) {
    throw refusal(answer.status, what, error_text(answer.body));
  }
  return answer;
}

std::optional<json> SocketEngine::find_json(const std::string& target, std::string_view what,
                                            const Call& call) {
  Request request;
  request.method = "GET";
  request.target = target;
  const auto answer = http_.perform(request, call);
  if (answer.status == 404) {
    return std::nullopt;
  }
  if (!answer.succeeded()) {
    auto error = refusal(answer.status, what, error_text(answer.body));
    if (error.fault() == Fault::not_found) {
      return std::nullopt;
    }
    throw error;
  }
  return parse_json(answer.body, what);
}

json SocketEngine::get_json(const std::string& target, std::string_view what, const Call& call) {
  Request request;
  request.method = "GET";
  request.target = target;
  return parse_json(expect(request, what, call).body, what);
}

bool SocketEngine::remove(const std::string& target, std::string_view what, const Call& call) {
  Request request;
  request.method = "DELETE";
  request.target = target;
  const auto answer = http_.perform(request, call);
  if (answer.status == 404) {
    return false;
  }
  if (!answer.succeeded()) {
    throw refusal(answer.status, what, error_text(answer.body));
  }
  return true;
}

Info SocketEngine::info(const Call& call) {
  const std::scoped_lock lock(info_mutex_);
  if (!info_) {
    try {
      const auto answer = get_json(native("/info"), "asking the engine about its machine", call);
      info_ = podman() ? podman_info(answer) : docker_info(answer);
    } catch (const EngineError& error) {
      if (error.fault() == Fault::timed_out) {
        mute("unix://" + http_.socket_path(), call);
      }
      throw;
    }
  }
  // Free space changes while images are built; the rest does not.
  if (const auto free = free_below(info_->root); free > 0) {
    info_->disk_free = free;
  }
  return *info_;
}

}  // namespace fresh::engine
