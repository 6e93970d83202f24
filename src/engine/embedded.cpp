#include "engine/embedded.h"

#include "base/clock.h"
#include "base/doing.h"
#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "engine/detached.h"
#include "engine/resolve.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <string_view>
#include <sys/file.h>
#include <sys/mount.h>
#include <unistd.h>

extern char** environ;

namespace fresh::engine {
namespace {

namespace fs = std::filesystem;

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error) {
    fs::permissions(path, fs::perms::owner_all, error);
  }
  if (error) {
    throw base::Error(
        base::ExitCode::machine,
        fmt::format("cannot make '{}', a folder of the private engine: {}", path.string(), error.message()),
        "check who owns it, or set XDG_DATA_HOME to a folder of your own");
  }
}

/// Two drivers at once start one engine, not two.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& folder)
      : descriptor_(::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0 || ::flock(descriptor_, LOCK_EX) != 0) {
      throw base::Error(base::ExitCode::machine, fmt::format("cannot lock '{}'", (folder / "lock").string()),
                        "check who owns the folder");
    }
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock() { ::close(descriptor_); }

 private:
  int descriptor_;
};

fs::path record_path(const fs::path& folder) {
  return folder / "process.json";
}

std::optional<ProcessRecord> read_record(const fs::path& folder) {
  const auto text = base::read_file_if_exists(record_path(folder));
  const auto json = nlohmann::json::parse(text.value_or(""), nullptr, false);
  if (!json.is_object() || !json.contains("pid") || !json["pid"].is_number_integer()) {
    return std::nullopt;
  }
  return ProcessRecord{json["pid"].get<std::int64_t>(), json.value("started", ""), json.value("boot", "")};
}

void write_record(const fs::path& folder, const ProcessRecord& record) {
  const nlohmann::json json{{"pid", record.pid}, {"started", record.started}, {"boot", record.boot}};
  base::write_file_atomic(record_path(folder), json.dump() + "\n", 0600);
}

std::string log_tail(const fs::path& log) {
  const auto text = base::read_file_if_exists(log).value_or("");
  return text.size() > 1500 ? text.substr(text.size() - 1500) : text;
}

/// What the service is started with: the caller's environment, without what would lead it to another
/// configuration.
std::map<std::string, std::string> service_environment(const EmbeddedOptions& options, const HostFacts& facts,
                                                       const fs::path& folder, bool own_policy) {
  auto environment = options.environment;
  for (const char* name :
       {"CONTAINER_HOST", "DOCKER_HOST", "DOCKER_CONTEXT", "NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID"}) {
    environment.erase(name);
  }
  environment["CONTAINERS_CONF"] = (folder / "containers.conf").string();
  environment["CONTAINERS_STORAGE_CONF"] = (folder / "storage.conf").string();
  environment["CONTAINERS_REGISTRIES_CONF"] = (folder / "registries.conf").string();
  if (facts.uid != 0) {
    environment["XDG_RUNTIME_DIR"] = facts.runtime_dir;
    // An ordinary user's PATH often lacks the folders of iptables and runc.
    environment["PATH"] = (environment.contains("PATH") ? environment["PATH"] + ":" : "") + "/usr/sbin:/sbin";
  }
  if (own_policy) {
    environment["HOME"] = (folder / "home").string();
  }
  return environment;
}

EmbeddedEngine describe(const EngineFolders& folders, const EngineConfiguration& configuration,
                        std::int64_t pid, bool reused) {
  EmbeddedEngine engine;
  engine.endpoint.path = folders.socket;
  engine.reused = reused;
  engine.pid = pid;
  engine.folder = folders.configuration;
  engine.log = folders.log;
  engine.notes = configuration.notes;
  engine.limitations = configuration.limitations;
  return engine;
}

void write_configuration(const EngineConfiguration& configuration, const EngineFolders& folders) {
  const fs::path folder = folders.configuration;
  for (const auto& made : {folders.storage, folders.networks, folders.run, folders.temporary}) {
    make_folder(made);
  }
  base::write_file_atomic(folder / "containers.conf", configuration.containers_conf);
  base::write_file_atomic(folder / "storage.conf", configuration.storage_conf);
  base::write_file_atomic(folder / "registries.conf", configuration.registries_conf);
  if (!configuration.policy_json.empty()) {
    base::write_file_atomic(folder / "home/.config/containers/policy.json", configuration.policy_json);
  }
}

/// Returns when the service answers; throws with its last words when it ends or stays silent.
void await_answer(const ProcessRecord& process, const EngineFolders& folders,
                  const EmbeddedOptions& options) {
  const base::SystemClock clock;
  const auto end = clock.steady() + options.deadline;
  while (!engine_answers(folders.socket)) {
    const bool runs = record_of(process.pid).has_value();
    if (!runs || clock.steady() > end) {
      const auto log = log_tail(folders.log);
      end_process(process);
      throw base::Error(
          base::ExitCode::machine,
          fmt::format("the private podman service {}: {}",
                      runs ? "did not answer within " + base::shown(options.deadline) : "ended at once",
                      log.empty() ? "it said nothing" : log),
          fmt::format("its whole log is in '{}'", folders.log));
    }
    if (!clock.wait(base::Milliseconds(25), options.stop)) {
      end_process(process);
      throw base::Interrupted("starting the private engine");
    }
  }
}

}  // namespace

EmbeddedOptions embedded_options_of_process(const fs::path& data_folder) {
  EmbeddedOptions options;
  options.data_folder = data_folder;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (const auto equals = text.find('='); equals != std::string_view::npos) {
      options.environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return options;
}

EngineFolders embedded_folders(const fs::path& data_folder, const std::string& runtime_dir) {
  const auto folder = fs::absolute(data_folder / "engine").lexically_normal();
  // The data folder may be long or on a disk that keeps it over a reboot: neither suits sockets and locks.
  const fs::path run =
      fs::path(runtime_dir) / "fresh-clone" / base::sha256_hex(folder.string()).substr(0, 12);
  return {folder.string(),
          (folder / "storage").string(),
          (folder / "networks").string(),
          (folder / "engine.log").string(),
          (run / "run").string(),
          (run / "tmp").string(),
          (run / "engine.sock").string()};
}

EmbeddedEngine start_embedded(const EmbeddedOptions& options) {
  const base::Doing doing("starting the private engine");
  const auto facts = observe_host(options.environment, options.data_folder);
  require_host(facts);
  const auto folders = embedded_folders(options.data_folder, facts.runtime_dir);
  const auto configuration = configure(facts, folders);
  const fs::path folder = folders.configuration;
  make_folder(folder);
  const FolderLock lock(folder);
  const auto record = read_record(folder);
  if (record && still_runs(*record)) {
    await_answer(*record, folders, options);
    return describe(folders, configuration, record->pid, true);
  }
  std::error_code ignored;
  fs::remove(folders.socket, ignored);
  fs::remove(record_path(folder), ignored);
  write_configuration(configuration, folders);
  const auto process = start_detached(
      configuration.arguments,
      service_environment(options, facts, folder, !configuration.policy_json.empty()), folders.log);
  write_record(folder, process);
  await_answer(process, folders, options);
  return describe(folders, configuration, process.pid, false);
}

std::optional<EmbeddedEngine> embedded_status(const EmbeddedOptions& options) {
  const auto facts = observe_host(options.environment, options.data_folder);
  const auto folders = embedded_folders(options.data_folder, facts.runtime_dir);
  const auto record = read_record(folders.configuration);
  if (!record || !still_runs(*record) || !engine_answers(folders.socket)) {
    return std::nullopt;
  }
  return describe(folders, configure(facts, folders), record->pid, true);
}

bool stop_embedded(const EmbeddedOptions& options) {
  const base::Doing doing("stopping the private engine");
  const auto facts = observe_host(options.environment, options.data_folder);
  const auto folders = embedded_folders(options.data_folder, facts.runtime_dir);
  const fs::path folder = folders.configuration;
  if (!fs::exists(folder)) {
    return false;
  }
  const FolderLock lock(folder);
  const auto record = read_record(folder);
  const bool ran = record && still_runs(*record);
  if (ran) {
    end_process(*record);
  }
  // Root's Podman binds the layer folder onto itself and leaves it so. Busy while containers run: then it
  // stays.
  ::umount2((fs::path(folders.storage) / "overlay").c_str(), UMOUNT_NOFOLLOW);
  std::error_code ignored;
  fs::remove(folders.socket, ignored);
  fs::remove(record_path(folder), ignored);
  return ran;
}

}  // namespace fresh::engine
