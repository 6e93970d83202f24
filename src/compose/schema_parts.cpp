#include "compose/schema_keys.h"

/// The maps below a service.
namespace fresh::compose::keys {

using namespace std::string_view_literals;

namespace {

constexpr Key texts(std::string_view name, bool no_twice = false) {
  return list(name, any_text, no_twice);
}

// build
constexpr Key provenance{.form = Form::text, .accepts = kinds::text | kinds::boolean};
constexpr Key text_or_flag(std::string_view name) {
  Key key = provenance;
  key.name = name;
  return key;
}
constexpr std::array build_keys{
    key_values("additional_contexts", Form::pairs),
    key_values("args", Form::variables),
    text_or_list("cache_from", any_text, false),
    text_or_list("cache_to", any_text, false),
    text("context"),
    text("dockerfile"),
    text("dockerfile_inline"),
    texts("entitlements"),
    Key{.name = "extra_hosts",
        .form = Form::hosts,
        .accepts = kinds::list | kinds::map,
        .merge = Merge::extra_hosts,
        .no_twice = true},
    text("isolation"),
    key_values("labels", Form::labels),
    text("network"),
    flag("no_cache"),
    text_or_list("no_cache_filter", any_text),
    // No key of the specification; only how it is merged is known.
    unique(Key{.name = "platform", .form = Form::list, .accepts = 0, .item = &any_text}, Unique::name),
    texts("platforms"),
    flag("privileged"),
    text_or_flag("provenance"),
    flag("pull"),
    text_or_flag("sbom"),
    list("secrets", grant_item),
    number("shm_size", Form::size, whole_kinds),
    unique(merged(key_values("ssh", Form::ssh), Merge::deep), Unique::none),
    unique(texts("tags"), Unique::name),
    text("target"),
    map("ulimits", build_limit_item),
};
static_assert(is_sorted(build_keys));

// deploy
constexpr std::array orders{"start-first"sv, "stop-first"sv};
constexpr std::array update_keys{
    duration("delay", Form::duration),
    text("failure_action"),
    cast(number("max_failure_ratio", Form::real, number_kinds)),
    duration("monitor", Form::duration),
    choice("order", orders),
    count(cast(number("parallelism", Form::maybe_whole, whole_kinds))),
};
constexpr Object update_object{.keys = update_keys};

constexpr std::array restart_keys{
    text("condition"),
    duration("delay"),
    count(cast(number("max_attempts", Form::maybe_whole, whole_kinds))),
    duration("window"),
};
constexpr Object restart_object{.keys = restart_keys};

constexpr std::array preference_keys{text("spread")};
constexpr Object preference_object{.keys = preference_keys};
constexpr Key preference = object("", preference_object);
constexpr std::array placement_keys{
    texts("constraints"),
    count(cast(number("max_replicas_per_node", Form::whole, whole_kinds))),
    list("preferences", preference),
};
constexpr Object placement_object{.keys = placement_keys};

constexpr std::array discrete_keys{text("kind"), number("value", Form::whole, number_kinds)};
constexpr Object discrete_object{.keys = discrete_keys, .whole = true};
constexpr std::array generic_keys{object("discrete_resource_spec", discrete_object)};
constexpr Object generic_object{.keys = generic_keys};
constexpr Key generic = object("", generic_object);

constexpr std::array request_keys{
    texts("capabilities", true),
    number("count", Form::device_count, whole_kinds),
    texts("device_ids", true),
    text("driver"),
    merged(unique(key_values("options", Form::pairs), Unique::none), Merge::deep),
};
constexpr std::array request_required{"capabilities"sv};
constexpr Object reserved_object{.keys = request_keys, .required = request_required};
constexpr Object request_object{.keys = request_keys};
constexpr Key reserved = object("", reserved_object);

constexpr std::array limits_keys{
    number("cpus", Form::real, number_kinds),
    number("memory", Form::size, kinds::text),
    number("pids", Form::whole, whole_kinds),
};
constexpr Object limits_object{.keys = limits_keys};
constexpr std::array reservations_keys{
    number("cpus", Form::real, number_kinds),
    list("devices", reserved),
    list("generic_resources", generic),
    number("memory", Form::size, kinds::text),
};
constexpr Object reservations_object{.keys = reservations_keys};
constexpr std::array resources_keys{object("limits", limits_object),
                                    object("reservations", reservations_object)};
constexpr Object resources_object{.keys = resources_keys};

constexpr std::array deploy_keys{
    text("endpoint_mode"),
    key_values("labels", Form::labels),
    text("mode"),
    object("placement", placement_object, Form::plain_object),
    cast(number("replicas", Form::maybe_whole, whole_kinds)),
    object("resources", resources_object, Form::plain_object),
    object("restart_policy", restart_object),
    object("rollback_config", update_object),
    object("update_config", update_object),
};
static_assert(is_sorted(deploy_keys));

// develop, hooks
constexpr std::array hook_keys{
    command("command"),
    merged(unique(key_values("environment", Form::variables), Unique::none), Merge::deep),
    text("image"),
    flag("per_replica", Form::maybe_flag),
    flag("privileged"),
    text("user"),
    text("working_dir"),
};
constexpr std::array actions{"rebuild"sv, "sync"sv, "restart"sv, "sync+restart"sv, "sync+exec"sv};
constexpr std::array watch_keys{
    choice("action", actions),
    object("exec", hook_object, Form::plain_object),
    text_or_list("ignore", any_text, false),
    text_or_list("include", any_text, false),
    flag("initial_sync"),
    text("path"),
    text("target"),
};
constexpr std::array watch_required{"path"sv, "action"sv};
constexpr Object watch_object{.keys = watch_keys, .required = watch_required};
constexpr Key watch = object("", watch_object);
constexpr std::array develop_keys{list("watch", watch)};

constexpr std::array healthcheck_keys{
    cast(flag("disable")),
    duration("interval"),
    count(cast(number("retries", Form::maybe_whole, number_kinds))),
    duration("start_interval"),
    duration("start_period"),
    merged(Key{.name = "test", .form = Form::test, .accepts = kinds::text | kinds::list}, Merge::replace),
    duration("timeout"),
};

// volumes, ports, networks
constexpr std::array recursives{"enabled"sv, "disabled"sv, "writable"sv, "readonly"sv};
constexpr std::array selinux{"z"sv, "Z"sv};
constexpr std::array bind_keys{flag("create_host_path"), text("propagation"), choice("recursive", recursives),
                               choice("selinux", selinux)};
constexpr Object bind_object{.keys = bind_keys};
constexpr std::array image_keys{text("subpath")};
constexpr Object image_object{.keys = image_keys};
constexpr std::array tmpfs_keys{short_count(number("mode", Form::whole, number_kinds)),
                                count(number("size", Form::size, whole_kinds))};
constexpr Object tmpfs_object{.keys = tmpfs_keys};
constexpr std::array volume_keys{key_values("labels", Form::labels), cast(flag("nocopy")), text("subpath")};
constexpr Object volume_object{.keys = volume_keys};
constexpr std::array mount_keys{
    object("bind", bind_object),   text("consistency"), object("image", image_object),
    cast(flag("read_only")),       text("source"),      text("target"),
    object("tmpfs", tmpfs_object), text("type"),        object("volume", volume_object),
};
constexpr std::array mount_required{"type"sv};

constexpr std::array port_keys{
    text("app_protocol"),
    text("host_ip"),
    text("mode"),
    text("name"),
    text("protocol"),
    also(text("published"), kinds::integer),
    within(cast(number("target", Form::whole, whole_kinds)), 0, 65'535),
};

constexpr std::array endpoint_keys{
    unique(texts("aliases", true), Unique::name),
    options("driver_opts"),
    number("gw_priority", Form::whole, kinds::number),
    text("interface_name"),
    text("ipv4_address"),
    text("ipv6_address"),
    unique(texts("link_local_ips", true), Unique::name),
    text("mac_address"),
    number("priority", Form::whole, kinds::number),
};
static_assert(is_sorted(endpoint_keys) && is_sorted(mount_keys) && is_sorted(port_keys));

constexpr std::array grant_keys{text("gid"),
                                short_count(cast(number("mode", Form::maybe_whole, number_kinds))),
                                text("source"), text("target"), text("uid")};

constexpr std::array throttle_keys{text("path"), number("rate", Form::size, whole_kinds)};
constexpr Object throttle_object{.keys = throttle_keys, .extensions = false, .whole = true};
constexpr Key throttle = object("", throttle_object);
constexpr Key weight_key = within(number("weight", Form::whole, whole_kinds), 0, 65'535);
constexpr std::array weight_keys{text("path"), weight_key};
constexpr Object weight_object{.keys = weight_keys, .extensions = false, .whole = true};
constexpr Key weight = object("", weight_object);
constexpr std::array blkio_keys{
    list("device_read_bps", throttle),
    list("device_read_iops", throttle),
    list("device_write_bps", throttle),
    list("device_write_iops", throttle),
    weight_key,
    list("weight_device", weight),
};

constexpr std::array limit_keys{cast(number("hard", Form::maybe_whole, whole_kinds)),
                                cast(number("soft", Form::maybe_whole, whole_kinds))};
constexpr std::array limit_required{"soft"sv, "hard"sv};

}  // namespace

const Object build_object{.keys = build_keys};
const Object deploy_object{.keys = deploy_keys};
const Object develop_object{.keys = develop_keys};
const Object hook_object{.keys = hook_keys};
const Object healthcheck_object{.keys = healthcheck_keys};
const Object mount_object{.keys = mount_keys, .required = mount_required};
const Object port_object{.keys = port_keys};
const Object endpoint_object{.keys = endpoint_keys};
const Object grant_object{.keys = grant_keys};
const Object blkio_object{.keys = blkio_keys, .extensions = false};
const Object limit_object{.keys = limit_keys, .required = limit_required};
const Key device_request = object("", request_object);
const Key grant_item = also(object("", grant_object), kinds::text);
const Key build_limit_item = cast(also(object("", limit_object), whole_kinds));
const Key limit_item = merged(build_limit_item, Merge::limit);

}  // namespace fresh::compose::keys
