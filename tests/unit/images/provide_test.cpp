#include "images/provide.h"

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "engine/labels.h"
#include "images/base_system.h"
#include "images/cache.h"
#include "images/inputs_lock.h"
#include "images/list.h"
#include "unit/images/stub_engine.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace fresh::images {
namespace {

namespace fs = std::filesystem;

constexpr const char* base_name = "localhost/base:1";
constexpr const char* app_name = "localhost/app:1";
constexpr const char* child_name = "localhost/child:1";

/// A project of a base (its root file system is in the cache), an app with one fetched input, and a child of
/// it.
class Provide : public testing::Test {
 protected:
  Provide() {
    write("images/app/Dockerfile", "FROM localhost/base:1\nCOPY inputs /inputs\n");
    write("images/app/pom.xml", "<project/>");
    write("images/child/Dockerfile", "FROM localhost/app:1\n");
    engine.outputs = {{"lib/a.jar", "jar"}};
    write("images/app/inputs.lock",
          inputs_lock_text({{base::sha256_hex("jar"), 3, "lib/a.jar", "maven:a:1"}}));

    const InputCache cache(options().cache_folder);
    const CacheWorkFolder work(cache);
    base::write_file_atomic(work.path() / "root.tar", "a root file system");
    const std::string root = base::sha256_hex("a root file system");
    cache.store(work.path() / "root.tar", root);
    note_base_system(base_source(), "amd64", "", {root, {{"apt", "amd64", "2.6"}}}, cache);
  }

  static BaseSource base_source() {
    return {.suite = "bookworm", .variant = "minbase", .packages = {}, .lock = "images/base.packages.lock"};
  }
  static std::vector<ImageSpec> specs() {
    const BuildSource app{.from = base_name,
                          .folder = "images/app",
                          .dockerfile = "Dockerfile",
                          .lock = "images/app/inputs.lock",
                          .fetch = FetchStep{.image = base_name, .command = {"mvn", "x"}},
                          .arguments = {}};
    const BuildSource child{.from = app_name,
                            .folder = "images/child",
                            .dockerfile = "Dockerfile",
                            .lock = {},
                            .fetch = {},
                            .arguments = {}};
    return {{child_name, child, {}}, {app_name, app, {}}, {base_name, base_source(), {}}};
  }
  ProvideOptions options() {
    return {.project = "demo",
            .project_folder = folder_.path() / "project",
            .cache_folder = folder_.path() / "cache",
            .architecture = "amd64",
            .clock = clock_,
            .sink = [this](const base::Event& event) {
              const std::scoped_lock lock(mutex_);
              events.push_back(event);
            }};
  }
  void write(const std::string& path, const std::string& text) {
    base::write_file_atomic(folder_.path() / "project" / path, text);
  }
  std::string read(const std::string& path) { return base::read_file(folder_.path() / "project" / path); }
  fs::path cached(const std::string& content) {
    const std::string sha = base::sha256_hex(content);
    return folder_.path() / "cache/fresh-clone/inputs/sha256" / sha.substr(0, 2) / sha;
  }
  std::string refusal(ProvideOptions with) {
    try {
      provide(specs(), engine, with);
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), base::ExitCode::deploy) << error.message();
      return error.message() + " | " + error.hint();
    }
    return "accepted";
  }
  int count(const std::string& call) {
    return static_cast<int>(std::count(engine.calls.begin(), engine.calls.end(), call));
  }

  StubEngine engine;
  std::vector<base::Event> events;

 private:
  base::TemporaryFolder folder_;
  base::SystemClock clock_;
  std::mutex mutex_;
};

TEST_F(Provide, makes_everything_in_order_from_locked_inputs) {
  const ImagesResult result = provide(specs(), engine, options());
  ASSERT_EQ(result.images.size(), 3U);
  EXPECT_EQ(result.images[0].name, app_name);
  EXPECT_EQ(result.images[0].source, "built");
  EXPECT_EQ(result.images[0].base, base_name);
  EXPECT_FALSE(result.images[0].lock_digest.empty());
  EXPECT_EQ(result.images[1].source, "base");
  EXPECT_EQ(engine.builds.size(), 2U);
  EXPECT_FALSE(engine.builds[0].network);
  EXPECT_FALSE(engine.builds[0].cache);
  EXPECT_EQ(engine.builds[0].timestamp, 0);
  EXPECT_EQ(engine.builds[0].labels.at(engine::labels::inputs), result.images[0].inputs_key);
  EXPECT_LT(std::find(engine.calls.begin(), engine.calls.end(), "build localhost/app:1"),
            std::find(engine.calls.begin(), engine.calls.end(), "build localhost/child:1"));
  EXPECT_TRUE(engine.present.empty()) << "the fetch container is still there";
}

TEST_F(Provide, asks_for_the_machine_only_until_a_base_image_tells_its_architecture) {
  ProvideOptions asking = options();
  asking.architecture.clear();
  provide(specs(), engine, asking);
  EXPECT_EQ(engine.infos, 1);
  engine.calls.clear();
  provide(specs(), engine, asking);
  EXPECT_EQ(engine.infos, 1);
  EXPECT_TRUE(engine.calls.empty()) << engine.calls[0];
}

TEST_F(Provide, a_second_time_does_nothing) {
  const auto first = provide(specs(), engine, options());
  engine.calls.clear();
  const auto second = provide(specs(), engine, options());
  EXPECT_TRUE(engine.calls.empty()) << engine.calls[0];
  EXPECT_EQ(first.images[0].id, second.images[0].id);
}

TEST_F(Provide, a_changed_file_builds_that_image_and_its_children_again) {
  const auto first = provide(specs(), engine, options());
  engine.calls.clear();
  write("images/app/pom.xml", "<project>2</project>");
  const auto second = provide(specs(), engine, options());
  EXPECT_EQ(engine.calls, (std::vector<std::string>{"build localhost/app:1", "build localhost/child:1"}));
  EXPECT_NE(first.images[0].inputs_key, second.images[0].inputs_key);
}

TEST_F(Provide, another_base_system_builds_all_again) {
  provide(specs(), engine, options());
  engine.calls.clear();
  const InputCache cache(options().cache_folder);
  const CacheWorkFolder work(cache);
  base::write_file_atomic(work.path() / "root.tar", "another");
  cache.store(work.path() / "root.tar", base::sha256_hex("another"));
  note_base_system(base_source(), "amd64", "", {base::sha256_hex("another"), {{"apt", "amd64", "2.7"}}},
                   cache);
  provide(specs(), engine, options());
  EXPECT_EQ(engine.calls, (std::vector<std::string>{"load localhost/base:1", "build localhost/app:1",
                                                    "build localhost/child:1"}));
}

TEST_F(Provide, fetch_runs_with_the_folder_but_without_the_lock) {
  provide(specs(), engine, options());
  const engine::ContainerSpec& spec = engine.containers.at(0);
  EXPECT_EQ(spec.image, base_name);
  EXPECT_EQ(spec.entrypoint, std::vector<std::string>{"mvn"});
  EXPECT_EQ(spec.command, std::vector<std::string>{"x"});
  EXPECT_EQ(spec.labels.at(engine::labels::role), "fetch");
  EXPECT_TRUE(spec.mounts.empty());
  EXPECT_NE(engine.archives.at("/in").find("pom.xml"), std::string::npos);
  EXPECT_EQ(engine.archives.at("/in").find("inputs.lock"), std::string::npos);
}

TEST_F(Provide, inputs_in_the_cache_need_no_container) {
  provide(specs(), engine, options());
  engine.images.clear();
  engine.containers.clear();
  ProvideOptions offline = options();
  offline.steps = Steps::build;
  provide(specs(), engine, offline);
  EXPECT_TRUE(engine.containers.empty());
}

TEST_F(Provide, a_build_without_its_inputs_is_refused) {
  ProvideOptions offline = options();
  offline.steps = Steps::build;
  EXPECT_NE(refusal(offline).find("'lib/a.jar' is not in the cache"), std::string::npos) << refusal(offline);
}

TEST_F(Provide, fetched_inputs_that_differ_are_named) {
  engine.outputs = {{"lib/a.jar", "jax"}, {"lib/b.jar", "b"}};
  const std::string text = refusal(options());
  EXPECT_NE(text.find("changed: lib/a.jar\nextra: lib/b.jar"), std::string::npos) << text;
  EXPECT_NE(text.find("images lock"), std::string::npos) << text;
  engine.outputs = {};
  EXPECT_NE(refusal(options()).find("missing: lib/a.jar"), std::string::npos);
  EXPECT_FALSE(fs::exists(cached("jax"))) << "a refused file went into the cache";
}

TEST_F(Provide, a_file_changed_in_the_cache_is_refused_by_name) {
  provide(specs(), engine, options());
  engine.images.clear();
  fs::permissions(cached("jar"), fs::perms::owner_all);
  base::write_file_atomic(cached("jar"), "jat");
  const std::string text = refusal(options());
  EXPECT_NE(text.find("'lib/a.jar' was changed in the cache"), std::string::npos) << text;
  EXPECT_NE(text.find("rm -f"), std::string::npos) << text;
}

TEST_F(Provide, a_fetch_that_fails_or_never_ran_shows_its_last_words) {
  engine.exit_code = 3;
  std::string text = refusal(options());
  EXPECT_NE(text.find("exit code 3"), std::string::npos) << text;
  EXPECT_NE(text.find("last words"), std::string::npos) << text;
  engine.exit_code = 0;
  engine.runs_to_end = false;
  text = refusal(options());
  EXPECT_NE(text.find("never ran to its end"), std::string::npos) << text;
  EXPECT_TRUE(engine.present.empty());
}

TEST_F(Provide, links_and_ways_out_in_a_fetched_archive_are_refused) {
  const auto archive = [](const std::function<void(source::TarWriter&)>& fill) {
    std::string bytes;
    source::TarWriter tar([&](std::string_view block) { bytes += block; }, 0);
    fill(tar);
    tar.finish();
    return bytes;
  };
  engine.raw_output = archive([](auto& tar) { tar.link("out/lib/a.jar", "/etc/passwd"); });
  EXPECT_NE(refusal(options()).find("no regular file"), std::string::npos) << refusal(options());
  engine.raw_output = archive([](auto& tar) { tar.file("out/../../evil", 0644, "x"); });
  EXPECT_NE(refusal(options()).find("'..'"), std::string::npos) << refusal(options());
}

TEST_F(Provide, lock_writes_what_a_fetch_brings_and_keeps_known_origins) {
  engine.outputs = {{"lib/a.jar", "jar"}, {"lib/b-2.jar", "b"}};
  ProvideOptions lock = options();
  lock.steps = Steps::lock;
  provide(specs(), engine, lock);
  const auto inputs = parse_inputs_lock(read("images/app/inputs.lock"), "x");
  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_EQ(inputs[0].origin, "maven:a:1");
  EXPECT_EQ(inputs[1].origin, "maven:b:2");
  EXPECT_EQ(read("images/base.packages.lock"), "# fresh-clone packages lock v1\napt 2.6 amd64\n");
  EXPECT_TRUE(engine.builds.empty());
  ProvideOptions locked = options();
  locked.locked = true;
  EXPECT_EQ(provide(specs(), engine, locked).drift, std::vector<Drift>{});
}

TEST_F(Provide, moved_packages_are_drift_and_locked_makes_them_an_error) {
  const std::string lock = "# fresh-clone packages lock v1\napt 2.5 amd64\n";
  write("images/base.packages.lock", lock);
  const InputCache cache(options().cache_folder);
  note_base_system(base_source(), "amd64", lock,
                   {base::sha256_hex("a root file system"), {{"apt", "amd64", "2.6"}}}, cache);
  EXPECT_EQ(provide(specs(), engine, options()).drift,
            (std::vector<Drift>{{base_name, "apt", "2.5", "2.6"}}));
  EXPECT_TRUE(std::any_of(events.begin(), events.end(), [](const base::Event& event) {
    return event.type == base::event_type::warning && event.text.find("apt 2.5 -> 2.6") != std::string::npos;
  }));
  ProvideOptions locked = options();
  locked.locked = true;
  EXPECT_NE(refusal(locked).find("apt 2.5 -> 2.6"), std::string::npos) << refusal(locked);
}

TEST_F(Provide, locked_without_a_packages_lock_is_refused) {
  ProvideOptions locked = options();
  locked.locked = true;
  EXPECT_NE(refusal(locked).find("no packages lock"), std::string::npos) << refusal(locked);
}

TEST_F(Provide, a_failing_build_names_its_step_and_last_lines) {
  engine.build_error = "exit status 7";
  const std::string text = refusal(options());
  EXPECT_NE(text.find("STEP 2/2: RUN make"), std::string::npos) << text;
  EXPECT_NE(text.find("nothing to be done"), std::string::npos) << text;
  EXPECT_NE(text.find("exit status 7"), std::string::npos) << text;
}

TEST_F(Provide, only_names_what_is_wanted) {
  ProvideOptions some = options();
  some.only = {base_name};
  EXPECT_EQ(provide(specs(), engine, some).images.size(), 1U);
  EXPECT_TRUE(engine.builds.empty());
}

TEST_F(Provide, a_stop_before_the_end_is_no_success) {
  std::stop_source stop;
  stop.request_stop();
  ProvideOptions stopped = options();
  stopped.stop = stop.get_token();
  EXPECT_THROW(provide(specs(), engine, stopped), base::Interrupted);
}

TEST_F(Provide, a_pull_by_digest_is_tagged_and_needs_its_variables) {
  const std::string digest = "sha256:" + std::string(64, 'c');
  PullSource pull;
  pull.digest = digest;
  pull.user_variable = "U";
  pull.password_variable = "P";
  const std::vector<ImageSpec> list{{"reg.example:5000/x:1", pull, {}}};
  ProvideOptions with = options();
  with.variable = [](const std::string& name) {
    return name == "U" ? std::optional<std::string>("bob") : std::nullopt;
  };
  EXPECT_THROW(provide(list, engine, with), base::Error);
  with.variable = [](const std::string& name) { return std::optional<std::string>("value of " + name); };
  const auto result = provide(list, engine, with);
  EXPECT_EQ(engine.pulled->reference, "reg.example:5000/x@" + digest);
  EXPECT_EQ(engine.pulled->auth->server, "reg.example:5000");
  EXPECT_EQ(engine.pulled->auth->password, "value of P");
  EXPECT_EQ(result.images.at(0).digest, digest);
  EXPECT_EQ(count("tag reg.example:5000/x:1"), 1);
  EXPECT_EQ(provide(list, engine, with).images.at(0).source, "present");
}

TEST_F(Provide, pull_never_refuses_what_is_missing) {
  PullSource pull;
  pull.policy = PullPolicy::never;
  EXPECT_THROW(provide({{"x:1", pull, {}}}, engine, options()), base::Error);
}

TEST_F(Provide, list_tells_missing_stale_and_up_to_date) {
  const auto states = [&] {
    std::map<std::string, State> found;
    for (const ListedImage& image : list(specs(), engine, options())) {
      found[image.name] = image.state;
    }
    return found;
  };
  EXPECT_EQ(states().at(app_name), State::missing);
  provide(specs(), engine, options());
  EXPECT_EQ(states().at(app_name), State::up_to_date);
  EXPECT_EQ(states().at(base_name), State::up_to_date);
  write("images/app/pom.xml", "changed");
  EXPECT_EQ(states().at(base_name), State::up_to_date);
  EXPECT_EQ(states().at(app_name), State::stale);
  EXPECT_EQ(states().at(child_name), State::stale);
}

}  // namespace
}  // namespace fresh::images
