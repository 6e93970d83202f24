#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fresh::engine {

enum class Flavor { podman, docker };

/// Identity of an image: sha256 of its config, 64 hex digits without prefix; the same on both engines
/// (OCI image specification, ImageID).
struct ImageId {
  std::string hex;
  auto operator<=>(const ImageId&) const = default;
};

/// Identity of a container: the engine's 64 hex digits.
struct ContainerId {
  std::string hex;
  auto operator<=>(const ContainerId&) const = default;
};

using Labels = std::map<std::string, std::string>;

/// What `GET /_ping` and `GET /version` say.
struct Version {
  Flavor flavor = Flavor::podman;
  std::string engine;  ///< e.g. `4.3.1`
  std::string api;     ///< the Docker API version spoken, e.g. `1.41`
};

/// True when API version `left` is older than `right` (`1.9` < `1.41`).
bool api_older(std::string_view left, std::string_view right);

/// What `GET /info` says, in one shape for both engines. Sizes in bytes; 0 = the engine does not tell.
struct Info {
  std::int64_t cpus = 0;
  std::int64_t memory = 0;
  std::int64_t disk_free = 0;
  std::string root;          ///< the storage folder on the engine's host
  std::string architecture;  ///< `amd64`, `arm64`
  std::string kernel;
  std::string operating_system;
  std::string cgroup_version;  ///< `v1`, `v2`
  std::string cgroup_manager;
  std::string network_backend;
  std::string storage_driver;
  std::string runtime;  ///< OCI runtime, e.g. `runc`
  bool rootless = false;
  bool memory_limits = true;  ///< false where a limit would have no effect
};

struct Image {
  ImageId id;
  std::vector<std::string> tags;          ///< `name:tag`, sorted
  std::vector<std::string> repo_digests;  ///< as the engine says; on Podman no proof of what a registry holds
  std::vector<std::string> layers;        ///< diff ids, `sha256:...`, bottom first
  Labels labels;
  std::int64_t size = 0;
  std::string created;
  std::string architecture;
  std::vector<std::string> environment;    ///< `NAME=value`
  std::vector<std::string> exposed_ports;  ///< `8080/tcp`
  std::vector<std::string> volumes;        ///< declared VOLUME paths
  std::string user;
  bool has_healthcheck = false;
};

/// What a registry wants to know: user and password, or the token that stands for both.
struct RegistryAuth {
  std::string user = {};
  std::string password = {};
  std::string server = {};  ///< its host
  std::string identity_token = {};
};

struct PullRequest {
  std::string reference;  ///< `host/name:tag` or `host/name@sha256:...`; always with tag or digest
  std::optional<RegistryAuth> auth = {};  ///< without: what the user's own files say of the registry
  bool verify_tls = true;                 ///< as the engine is configured; false: never
  std::string platform = {};              ///< empty: the engine's own
};

/// A limit of resources, as the kernel has them.
struct Ulimit {
  std::int64_t soft = 0;
  std::int64_t hard = 0;
  auto operator<=>(const Ulimit&) const = default;
};

/// What RUN --mount=type=secret mounts; its bytes lie in the context, and the engine takes them out of it
/// before the first step.
struct BuildSecretFile {
  std::string id;
  std::string file;  ///< path in the context, without a folder
};

/// POST /build. The context is a tar archive, given as a file on this machine.
struct BuildRequest {
  std::vector<std::string> tags;
  std::string dockerfile = "Dockerfile";
  std::string target = {};
  std::map<std::string, std::string> arguments = {};
  Labels labels = {};
  bool network = false;                        ///< false: RUN steps have no network at all
  std::string network_name = {};               ///< `host` or a network; empty: one of the build's own
  bool cache = true;                           ///< false: every step runs again
  bool pull = false;                           ///< look for a newer base image
  std::optional<std::int64_t> timestamp = {};  ///< seconds; Podman only: times of files and config set to it
  std::string platform = {};                   ///< empty: the engine's own
  std::vector<std::string> extra_hosts = {};   ///< `name:address`
  std::optional<std::int64_t> shm_size = {};   ///< bytes
  std::map<std::string, Ulimit> ulimits = {};
  std::vector<std::string> cache_from = {};   ///< images, Docker only: in place of the engine's own cache
  std::vector<BuildSecretFile> secrets = {};  ///< Podman only
  std::vector<std::string> bases = {};        ///< images that the build may have to pull
  std::string context_file = {};              ///< path of the tar archive
};

enum class MountType { bind, volume, tmpfs };

struct Mount {
  MountType type = MountType::bind;
  std::string source;  ///< path on the engine's host or volume name; empty for tmpfs
  std::string target;
  bool read_only = false;
  std::optional<std::int64_t> tmpfs_size = {};
  std::optional<std::uint32_t> tmpfs_mode = {};
  std::vector<std::string> tmpfs_flags = {};  ///< `noexec`, `nosuid`, `nodev` and their contraries
  bool create_host_path = false;              ///< bind only: make the source folder when missing
  std::string selinux = {};                   ///< `z` or `Z`
  std::string propagation = {};
  bool no_copy = false;
  std::string subpath = {};
  auto operator<=>(const Mount&) const = default;
};

struct PortBinding {
  std::uint16_t container_port = 0;
  std::optional<std::uint16_t> host_port = {};  ///< none: the engine chooses
  std::string host_ip = {};
  std::string protocol = "tcp";
  auto operator<=>(const PortBinding&) const = default;
};

struct Healthcheck {
  std::vector<std::string> test;  ///< `CMD`/`CMD-SHELL` first, or {`NONE`}
  std::chrono::milliseconds interval{30'000};
  std::chrono::milliseconds timeout{30'000};
  std::chrono::milliseconds start_period{0};
  std::optional<std::chrono::milliseconds> start_interval = {};
  int retries = 3;
  auto operator<=>(const Healthcheck&) const = default;
};

struct EndpointSettings {
  std::vector<std::string> aliases = {};
  std::string ipv4 = {};
  std::string ipv6 = {};
  std::string mac = {};
  int priority = 0;
  auto operator<=>(const EndpointSettings&) const = default;
};

/// POST /containers/create, in Docker's terms; an unset optional leaves the image's or the engine's default.
struct ContainerSpec {
  std::string name;
  std::string image;  ///< reference or id
  std::optional<std::vector<std::string>> command = {};
  std::optional<std::vector<std::string>> entrypoint = {};
  std::map<std::string, std::string> environment = {};
  Labels labels = {};
  std::string user = {};
  std::vector<std::string> group_add = {};
  std::string working_dir = {};
  std::string hostname = {};
  std::string domainname = {};
  bool tty = false;
  bool stdin_open = false;
  bool stdin_once = false;  ///< the first input that ends is the program's end of input
  std::vector<Mount> mounts = {};
  std::vector<PortBinding> ports = {};
  std::vector<std::string> expose = {};  ///< `8080/tcp`
  std::string network_mode = {};         ///< `none`, `host`, `container:ID`; empty: the networks below
  std::map<std::string, EndpointSettings> networks = {};
  std::optional<Healthcheck> healthcheck = {};
  std::string restart_policy = {};  ///< `no`, `always`, `unless-stopped`, `on-failure`
  int restart_retries = 0;
  std::string stop_signal = {};
  std::optional<std::chrono::seconds> stop_timeout = {};
  bool init = false;
  bool privileged = false;
  bool read_only = false;
  std::vector<std::string> cap_add = {};
  std::vector<std::string> cap_drop = {};
  std::vector<std::string> security_opt = {};
  std::vector<std::string> devices = {};  ///< `host:container:rwm`
  std::map<std::string, Ulimit> ulimits = {};
  std::map<std::string, std::string> sysctls = {};
  std::vector<std::string> extra_hosts = {};  ///< `name:address`
  std::vector<std::string> dns = {};
  std::vector<std::string> dns_search = {};
  std::vector<std::string> dns_options = {};
  std::optional<std::int64_t> memory = {};  ///< bytes
  std::optional<std::int64_t> memory_swap = {};
  std::optional<std::int64_t> memory_reservation = {};
  std::optional<std::int64_t> nano_cpus = {};
  std::optional<std::int64_t> cpu_shares = {};
  std::string cpuset = {};
  std::optional<std::int64_t> pids_limit = {};
  std::optional<std::int64_t> shm_size = {};
  std::string pid_mode = {};
  std::string ipc_mode = {};
  std::string uts_mode = {};
  std::string userns_mode = {};
  std::string cgroup_parent = {};
  std::string runtime = {};
  std::string platform = {};
  std::string log_driver = {};
  std::map<std::string, std::string> log_options = {};
  std::map<std::string, std::string> annotations = {};
};

struct HealthRun {
  int exit_code = 0;
  std::string output;
};

/// GET /containers/{id}/json, as much as somebody needs.
struct Container {
  ContainerId id;
  std::string name;   ///< without leading slash
  std::string image;  ///< as given at create
  ImageId image_id;
  std::vector<std::string> command = {};  ///< the entrypoint and its words
  std::string created;                    ///< RFC 3339; only of an inspection, as the times below
  std::string state;                      ///< `created`, `running`, `exited`, `paused`, `dead`, `stopping`
  int exit_code = 0;
  bool oom_killed = false;
  std::string error;        ///< what the engine says of a failed start
  std::string started_at;   ///< RFC 3339; empty when it never started
  std::string finished_at;  ///< empty while it never finished
  std::string health;       ///< `starting`, `healthy`, `unhealthy`; empty without a healthcheck
  std::vector<HealthRun> health_log;
  std::int64_t pid = 0;
  int restart_count = 0;
  Labels labels;
  std::map<std::string, std::vector<std::string>> networks;  ///< network name -> aliases
  std::map<std::string, std::string> addresses;              ///< network name -> IPv4 address
  std::vector<PortBinding> ports;                            ///< as bound now
  std::vector<Mount> mounts;

  /// True while the program runs, is paused, or is about to be started again.
  bool is_alive() const { return state == "running" || state == "paused" || state == "restarting"; }
  /// True when the program really ran and ended: only then does exit_code count as evidence.
  bool has_finished() const { return state == "exited" && !started_at.empty() && !finished_at.empty(); }
};

struct ContainerFilter {
  Labels labels = {};  ///< all must match; an empty value means the label exists
  bool all = true;     ///< also those that do not run
};

struct NetworkSpec {
  std::string name;
  std::string driver = "bridge";
  bool internal = false;
  bool attachable = false;
  bool ipv6 = false;
  Labels labels = {};
  std::map<std::string, std::string> options = {};
  struct Subnet {
    std::string subnet;
    std::string gateway = {};
    std::string ip_range = {};
    auto operator<=>(const Subnet&) const = default;
  };
  std::vector<Subnet> subnets = {};
};

struct Network {
  std::string id;
  std::string name;
  std::string driver;
  bool internal = false;
  Labels labels;
  std::vector<NetworkSpec::Subnet> subnets;
};

struct VolumeSpec {
  std::string name;
  std::string driver = {};
  std::map<std::string, std::string> options = {};
  Labels labels = {};
};

struct Volume {
  std::string name;
  std::string driver;
  Labels labels;
};

struct ExecRequest {
  std::vector<std::string> command;
  std::map<std::string, std::string> environment = {};
  std::string user = {};
  std::string working_dir = {};
  bool tty = false;
  bool privileged = false;
};

struct ExecResult {
  int exit_code = 0;
  std::string out;
  std::string err;
};

struct LogRequest {
  bool follow = false;
  std::optional<int> tail = {};
  bool timestamps = false;
  std::optional<std::int64_t> since = {};  ///< seconds since 1970
  std::optional<std::int64_t> until = {};  ///< seconds since 1970
};

enum class Stream { out, err };

/// Of a terminal, in characters.
struct TerminalSize {
  int rows = 0;
  int columns = 0;
  auto operator<=>(const TerminalSize&) const = default;
};

/// The user's side of a conversation with a program in a container.
struct Conversation {
  int input = -1;  ///< a descriptor that is read until its end; -1: the program gets no input
  /// The size of the user's terminal, asked a few times a second; a change is told to the program.
  std::function<std::optional<TerminalSize>()> size = {};
};

/// GET /containers/{id}/top.
struct ProcessTable {
  std::vector<std::string> titles;
  std::vector<std::vector<std::string>> rows;
};

/// One look at what a container uses. Times since its start, in nanoseconds; sizes in bytes.
struct ContainerUse {
  std::int64_t cpu_time = 0;
  std::int64_t system_time = 0;  ///< of all CPUs of the machine
  std::int64_t cpus = 0;
  std::int64_t memory = 0;  ///< without the page cache that can go at once
  std::int64_t memory_limit = 0;
  std::int64_t network_in = 0;
  std::int64_t network_out = 0;
  std::int64_t block_in = 0;
  std::int64_t block_out = 0;
  std::int64_t processes = 0;
};

/// What a path in a container is.
struct PathFacts {
  std::string name;
  std::int64_t size = 0;
  bool is_folder = false;
  std::string link_target = {};  ///< of a symbolic link, absolute
};

struct EngineEvent {
  std::string type;    ///< `container`, `network`, ...
  std::string action;  ///< `start`, `die`, `health_status`, ... (Podman's `died` is reported as `die`)
  std::string id;
  Labels attributes;
  std::int64_t time_nano = 0;
};

}  // namespace fresh::engine
