#pragma once

#include "document/node.h"
#include "engine/types.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fresh::compose {

/// What a service waits for before it starts (compose specification, `depends_on`).
enum class Condition { started, healthy, completed };

/// `service_started`, `service_healthy`, `service_completed_successfully`.
std::string_view shown(Condition condition);

struct Dependency {
  Condition condition = Condition::started;
  bool required = true;
  bool restart = false;  ///< restart the dependent when the dependency is recreated
  auto operator<=>(const Dependency&) const = default;
};

/// A secret or config that a service is given as a file.
struct Grant {
  std::string source;  ///< key of the top-level map
  std::string target;  ///< absolute path in the container
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint32_t mode = 0444;
  auto operator<=>(const Grant&) const = default;
};

/// A secret of the top level that steps of a build can mount.
struct BuildSecret {
  std::string source;  ///< key of the top-level map
  std::string id;      ///< its name in the Dockerfile
};

/// `build`: carried for whoever builds; this module does not.
struct Build {
  std::filesystem::path context = {};
  std::string dockerfile = {};
  std::string dockerfile_inline = {};
  std::string target = {};
  std::map<std::string, std::string> arguments = {};
  std::string network = {};  ///< `none`: RUN steps have no network; `host`, or a network of the engine
  std::vector<std::string> tags = {};
  std::map<std::string, std::string> labels = {};
  std::vector<std::string> cache_from = {};
  std::vector<std::string> extra_hosts = {};  ///< `name:address`
  std::optional<std::int64_t> shm_size = {};  ///< bytes
  std::map<std::string, engine::Ulimit> ulimits = {};
  std::vector<std::string> platforms = {};
  std::map<std::string, std::string> additional_contexts =
      {};  ///< name to folder, `docker-image://`, `service:`
  std::vector<BuildSecret> secrets = {};
  bool ssh = false;
  bool no_cache = false;
  bool pull = false;
  document::Place place = {};
};

struct Service {
  std::string name;
  std::string image;  ///< as written; `<project>-<service>` for a build without one
  std::optional<Build> build;
  std::optional<std::vector<std::string>> command;
  std::optional<std::vector<std::string>> entrypoint;
  std::map<std::string, std::string> environment;  ///< env files below `environment`, values resolved
  std::vector<engine::PortBinding> ports;
  std::vector<std::string> expose;    ///< `8080/tcp`
  std::vector<engine::Mount> mounts;  ///< named volumes by key of the top-level map; empty source = anonymous
  std::map<std::string, engine::EndpointSettings> networks;  ///< by key of the top-level map
  std::string network_mode;  ///< `host`, `none`, `bridge`, `service:x`, `container:x`
  std::map<std::string, Dependency> depends_on;
  std::optional<engine::Healthcheck> healthcheck;
  std::string restart;  ///< `no`, `always`, `unless-stopped`, `on-failure`
  int restart_retries = 0;
  bool restart_written = false;
  bool attach = true;  ///< false: an attached `up` shows nothing of it
  std::vector<std::string> profiles;
  std::vector<Grant> secrets;
  std::vector<Grant> configs;
  std::string user;
  std::string working_dir;
  std::string hostname;
  std::string domainname;
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;
  bool init = false;
  bool read_only = false;
  bool privileged = false;
  bool tty = false;
  bool stdin_open = false;
  std::vector<std::string> cap_add;
  std::vector<std::string> cap_drop;
  std::vector<std::string> security_opt;
  std::vector<std::string> devices;  ///< `host:container:rwm`
  std::vector<std::string> group_add;
  std::map<std::string, engine::Ulimit> ulimits;
  std::map<std::string, std::string> sysctls;
  std::vector<std::string> extra_hosts;  ///< `name:address`
  std::vector<std::string> dns;
  std::vector<std::string> dns_search;
  std::vector<std::string> dns_opt;
  std::optional<std::int64_t> memory;  ///< bytes
  std::optional<std::int64_t> memory_swap;
  std::optional<std::int64_t> memory_reservation;
  std::optional<std::int64_t> nano_cpus;
  std::optional<std::int64_t> cpu_shares;
  std::string cpuset;
  std::optional<std::int64_t> pids_limit;
  std::optional<std::int64_t> shm_size;
  std::optional<std::chrono::milliseconds> stop_grace_period;
  std::string stop_signal;
  std::string container_name;
  std::string platform;
  std::string pull_policy;
  std::string log_driver;
  std::map<std::string, std::string> log_options;
  std::string pid;
  std::string ipc;
  std::string uts;
  std::string userns_mode;
  std::string cgroup_parent;
  std::string runtime;
  std::vector<engine::ExecRequest> post_start;  ///< commands that run in it once it was started
  std::vector<engine::ExecRequest> pre_stop;    ///< and before it is stopped
  std::optional<document::Place> gpu;           ///< where it asks for a GPU
  int scale = 1;
  document::Place place;
  document::Node canonical;  ///< the canonical tree of the service, what the config hash is made of
};

struct Network {
  std::string key;
  std::string name;
  bool external = false;
  std::string driver;
  bool internal = false;
  bool attachable = false;
  bool ipv6 = false;
  std::map<std::string, std::string> driver_opts;
  std::map<std::string, std::string> labels;
  std::vector<engine::NetworkSpec::Subnet> subnets;
};

struct Volume {
  std::string key;
  std::string name;
  bool external = false;
  std::string driver;
  std::map<std::string, std::string> driver_opts;
  std::map<std::string, std::string> labels;
};

/// A secret or config of the top level with its bytes.
struct Material {
  std::string key;
  std::string name;
  std::string bytes;
  std::string missing =
      {};  ///< why there are no bytes, of one that only builds use; whoever builds refuses it
};

/// A key that is written and that a rule of key_support.h names.
struct KeyUse {
  std::string key;   ///< of the rule: `services.*.blkio_config`
  std::string path;  ///< `services.web.blkio_config`
  document::Place place;
};

/// A compose project, loaded, merged, checked: all that a plan is made of.
struct Project {
  std::string name;
  std::filesystem::path working_folder;
  std::vector<std::filesystem::path> files;  ///< all that were merged, in order
  std::map<std::string, Service> services;   ///< those of the active profiles
  std::vector<std::string> inactive;         ///< services of other profiles, sorted
  std::map<std::string, Network> networks;
  std::map<std::string, Volume> volumes;
  std::map<std::string, Material> secrets;
  std::map<std::string, Material> configs;
  std::vector<KeyUse> key_uses;  ///< in the order of the rules
  std::vector<std::string> warnings;
};

}  // namespace fresh::compose
