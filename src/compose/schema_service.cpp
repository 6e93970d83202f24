#include "compose/schema_keys.h"

namespace fresh::compose {

using namespace std::string_view_literals;
using namespace keys;  // NOLINT(google-build-using-namespace): the tables are written in its words

namespace {

constexpr std::array credential_keys{text("config"), text("file"), text("registry")};
constexpr Object credential_object{.keys = credential_keys};

constexpr std::array conditions{"service_started"sv, "service_healthy"sv, "service_completed_successfully"sv};
constexpr std::array dependency_keys{
    choice("condition", conditions),
    Key{.name = "required", .form = Form::maybe_flag, .accepts = kinds::boolean},
    flag("restart"),
};
constexpr std::array dependency_required{"condition"sv};
constexpr Object dependency_object{.keys = dependency_keys, .required = dependency_required};
constexpr Key dependency = object("", dependency_object);

constexpr std::array device_keys{text("permissions"), text("source"), text("target")};
constexpr std::array device_required{"source"sv};
constexpr Object device_object{.keys = device_keys, .required = device_required};
constexpr Key device = also(object("", device_object), kinds::text);

constexpr std::array env_file_keys{text("format"), text("path"), flag("required", Form::maybe_flag)};
constexpr std::array env_file_required{"path"sv};
constexpr Object env_file_object{.keys = env_file_keys, .required = env_file_required, .extensions = false};
constexpr Key env_file = also(object("", env_file_object), kinds::text);

constexpr std::array extends_keys{text("file"), text("service")};
constexpr std::array extends_required{"service"sv};
constexpr Object extends_object{.keys = extends_keys, .required = extends_required, .extensions = false};

constexpr std::array logging_keys{text("driver"),
                                  options("options", kinds::text | kinds::number | kinds::null)};
constexpr Object logging_object{.keys = logging_keys};

constexpr std::array model_keys{text("endpoint_var"), text("model_var")};
constexpr Object model_object{.keys = model_keys};
constexpr Key model = also(object("", model_object), kinds::null);

constexpr std::array provider_keys{Key{.name = "options", .form = Form::any, .accepts = kinds::map},
                                   text("type")};
constexpr std::array provider_required{"type"sv};
constexpr Object provider_object{.keys = provider_keys, .required = provider_required};

constexpr std::array pull_policies{"always"sv,  "never"sv, "if_not_present"sv, "build"sv,
                                   "missing"sv, "daily"sv, "weekly"sv,         "refresh"sv};
constexpr std::array cgroups{"host"sv, "private"sv};
constexpr Key text_or_whole{.form = Form::text, .accepts = kinds::text | kinds::integer};
constexpr Key port = also(object("", port_object), whole_kinds);
constexpr Key mount = also(object("", mount_object), kinds::text);
constexpr Key endpoint = also(object("", endpoint_object), kinds::null);
constexpr Key hook = object("", hook_object);

constexpr Key named(Key key) {
  key.accepts |= kinds::list;
  key.usual_names = true;
  key.no_twice = true;
  return key;
}

constexpr Key texts(std::string_view name, bool no_twice = true) {
  return list(name, any_text, no_twice);
}

constexpr std::array service_keys{
    key_values("annotations", Form::pairs),
    flag("attach", Form::maybe_flag),
    object("blkio_config", blkio_object),
    merged(also(object("build", build_object), kinds::text), Merge::build),
    unique(texts("cap_add"), Unique::name),
    unique(texts("cap_drop"), Unique::name),
    choice("cgroup", cgroups),
    text("cgroup_parent"),
    merged(command("command"), Merge::replace),
    unique(list("configs", grant_item), Unique::config),
    text("container_name"),
    within(cast(number("cpu_count", Form::whole, whole_kinds)), 0, 1'000'000),
    within(cast(number("cpu_percent", Form::real, whole_kinds)), 0, 100),
    cast(number("cpu_period", Form::whole, number_kinds)),
    cast(number("cpu_quota", Form::whole, number_kinds)),
    cast(number("cpu_rt_period", Form::whole, number_kinds)),
    cast(number("cpu_rt_runtime", Form::whole, number_kinds)),
    cast(number("cpu_shares", Form::whole, number_kinds)),
    cast(number("cpus", Form::real, number_kinds)),
    text("cpuset"),
    object("credential_spec", credential_object),
    merged(named(map("depends_on", dependency)), Merge::dependencies),
    also(object("deploy", deploy_object), kinds::null),
    also(object("develop", develop_object), kinds::null),
    texts("device_cgroup_rules"),
    unique(list("devices", device), Unique::device),
    merged(unique(text_or_list("dns", any_text), Unique::name), Merge::key_values),
    merged(unique(texts("dns_opt"), Unique::name), Merge::key_values),
    merged(unique(text_or_list("dns_search", any_text), Unique::name), Merge::key_values),
    text("domainname"),
    merged(command("entrypoint"), Merge::replace),
    merged(unique(text_or_list("env_file", env_file, false), Unique::path), Merge::key_values),
    key_values("environment", Form::variables),
    unique(list("expose", text_or_whole, true), Unique::expose),
    also(object("extends", extends_object), kinds::text),
    texts("external_links"),
    Key{.name = "extra_hosts",
        .form = Form::hosts,
        .accepts = kinds::list | kinds::map,
        .merge = Merge::extra_hosts,
        .no_twice = true},
    also(list("gpus", device_request), kinds::text),
    list("group_add", text_or_whole, true),
    object("healthcheck", healthcheck_object),
    text("hostname"),
    text("image"),
    cast(flag("init", Form::maybe_flag)),
    text("ipc"),
    text("isolation"),
    merged(text_or_list("label_file", any_text, false), Merge::key_values),
    key_values("labels", Form::labels),
    unique(texts("links"), Unique::name),
    merged(object("logging", logging_object), Merge::logging),
    text("mac_address"),
    number("mem_limit", Form::size, number_kinds),
    number("mem_reservation", Form::size, whole_kinds),
    number("mem_swappiness", Form::size, whole_kinds),
    number("memswap_limit", Form::size, number_kinds),
    merged(named(map("models", model)), Merge::names),
    text("network_mode"),
    merged(named(map("networks", endpoint)), Merge::names),
    cast(flag("oom_kill_disable")),
    within(cast(number("oom_score_adj", Form::whole, whole_kinds)), -1000, 1000),
    also(text("pid"), kinds::null),
    cast(number("pids_limit", Form::whole, number_kinds)),
    text("platform"),
    unique(list("ports", port, true), Unique::port),
    list("post_start", hook),
    list("pre_start", hook),
    list("pre_stop", hook),
    cast(flag("privileged")),
    unique(texts("profiles"), Unique::name),
    object("provider", provider_object),
    choice("pull_policy", pull_policies),
    text("pull_refresh_after"),
    cast(flag("read_only")),
    text("restart"),
    text("runtime"),
    cast(number("scale", Form::maybe_whole, whole_kinds)),
    unique(list("secrets", grant_item), Unique::secret),
    texts("security_opt"),
    number("shm_size", Form::size, number_kinds),
    cast(flag("stdin_open")),
    duration("stop_grace_period"),
    text("stop_signal"),
    options("storage_opt", kinds::text | kinds::integer | kinds::null),
    key_values("sysctls", Form::pairs),
    merged(unique(text_or_list("tmpfs", any_text), Unique::name), Merge::key_values),
    cast(flag("tty")),
    map("ulimits", limit_item),
    flag("use_api_socket"),
    text("user"),
    text("userns_mode"),
    text("uts"),
    unique(list("volumes", mount, true), Unique::volume),
    texts("volumes_from"),
    text("working_dir"),
};
static_assert(is_sorted(service_keys));
constexpr Object service_object{.keys = service_keys};

}  // namespace

const Key service_key = object("", service_object);

}  // namespace fresh::compose
