#include "compose/load.h"

#include "base/error.h"
#include "compose/config.h"
#include "compose/tree_text.h"
#include "unit/compose/project_text.h"

#include <gtest/gtest.h>

namespace fresh::compose {
namespace {

using test::project_of;
using test::request_of;

TEST(Load, AServiceInItsLongForm) {
  const auto project = project_of(R"(
name: shop
services:
  web:
    image: nginx:1
    command: sh -c 'echo "a b"'
    ports: ["127.0.0.1:8080-8081:80-81", 9000, "53:53/udp"]
    volumes: ["./html:/html:ro", "data:/data", "/tmp/anonymous"]
    environment: [A=1, B]
    deploy: {resources: {limits: {cpus: "0.5", memory: 64m, pids: 20}}}
    ulimits: {nofile: 1024}
    secrets: [key]
volumes: {data: }
secrets: {key: {file: ./key.txt}}
)",
                                  {{"/p/key.txt", "s3"}});
  EXPECT_EQ(project.name, "shop");
  const Service& web = project.services.at("web");
  EXPECT_EQ(*web.command, (std::vector<std::string>{"sh", "-c", "echo \"a b\""}));
  ASSERT_EQ(web.ports.size(), 4U);
  EXPECT_EQ(web.ports[1].container_port, 81);
  EXPECT_EQ(web.ports[1].host_port, 8081);
  EXPECT_EQ(web.ports[1].host_ip, "127.0.0.1");
  EXPECT_FALSE(web.ports[2].host_port.has_value());
  EXPECT_EQ(web.ports[3].protocol, "udp");
  ASSERT_EQ(web.mounts.size(), 3U);
  EXPECT_EQ(web.mounts[0].source, "/p/html");
  EXPECT_TRUE(web.mounts[0].read_only);
  EXPECT_EQ(web.mounts[1].source, "data");
  EXPECT_EQ(web.environment, (std::map<std::string, std::string>{{"A", "1"}}));
  EXPECT_EQ(web.nano_cpus, 500'000'000);
  EXPECT_EQ(web.memory, 64 << 20);
  EXPECT_EQ(web.pids_limit, 20);
  EXPECT_EQ(web.ulimits.at("nofile"), (engine::Ulimit{1024, 1024}));
  EXPECT_EQ(web.secrets.at(0).target, "/run/secrets/key");
  EXPECT_EQ(project.secrets.at("key").bytes, "s3");
  EXPECT_EQ(project.volumes.at("data").name, "shop_data");
  EXPECT_EQ(project.networks.at("default").name, "shop_default");
}

TEST(Load, OptionsOfTheShortFormDoNotCareForTheTypeOfTheMount) {
  const auto project =
      project_of("services: {a: {image: x, volumes: ['data:/a:Z', './b:/b:nocopy']}}\nvolumes: {data: }\n");
  const auto& mounts = project.services.at("a").mounts;
  ASSERT_EQ(mounts.size(), 2U);
  EXPECT_EQ(mounts[0].type, engine::MountType::volume);
  EXPECT_EQ(mounts[0].selinux, "Z");
  EXPECT_EQ(mounts[1].type, engine::MountType::bind);
  EXPECT_FALSE(mounts[1].no_copy);
}

TEST(Load, FlagsOfATmpfsAndWordsOfRestartArePutWherePeoplePutThem) {
  const auto project = project_of(R"(
services:
  a: {image: x, tmpfs: ["/run:size=16M,mode=1750,exec"], deploy: {restart_policy: {condition: unless-stopped}}}
  b: {image: x, deploy: {restart_policy: {condition: always}}}
)");
  EXPECT_EQ(project.services.at("a").mounts.at(0).tmpfs_flags, std::vector<std::string>{"exec"});
  EXPECT_EQ(project.services.at("a").restart, "unless-stopped");
  EXPECT_EQ(project.services.at("b").restart, "always");
}

TEST(Load, ExtendingAServiceThatSaysNothing) {
  const auto project = project_of("services: {a: {extends: {file: b.yaml, service: b}, image: x}}",
                                  {{"/p/b.yaml", "services: {b: }"}});
  EXPECT_EQ(project.services.at("a").image, "x");
}

TEST(Load, EnvironmentBeatsEnvFilesAndLaterFilesBeatEarlierOnes) {
  const auto project =
      project_of("services: {a: {image: x, env_file: [1.env, 2.env], environment: {C: own}}}",
                 {{"/p/1.env", "A=1\nB=1\nC=1"}, {"/p/2.env", "B=2"}});
  EXPECT_EQ(project.services.at("a").environment,
            (std::map<std::string, std::string>{{"A", "1"}, {"B", "2"}, {"C", "own"}}));
}

TEST(Load, AModelAsItIsWrittenSeesNoVariable) {
  auto request =
      request_of({{"/p/compose.yaml", "name: $I-x\nservices: {a: {image: '$I', environment: [I]}}"},
                  {"/p/.env", "I=file"}});
  request.environment = {{"I", "outer"}};
  request.interpolate = false;
  const auto root = load_untyped(request);
  EXPECT_EQ(root.find("name")->scalar, "i-x");
  EXPECT_EQ(root.find("services")->find("a")->find("environment")->items.front().scalar, "I");
}

TEST(Load, TheEnvironmentBeatsDotEnvInInterpolation) {
  auto request =
      request_of({{"/p/compose.yaml", "services: {a: {image: '${I}:${T}'}}"}, {"/p/.env", "I=file\nT=1"}});
  request.environment = {{"I", "outer"}};
  EXPECT_EQ(load(request).services.at("a").image, "outer:1");
}

TEST(Load, AnEnvFileOfManyLinesIsReadWholeAndANameAloneHasTheValueFromBeforeTheFile) {
  std::string many = "FIRST=old\n";
  for (int i = 0; i < 40'000; ++i) {
    many += "V" + std::to_string(i) + "=" + std::to_string(i) + "\n";
  }
  const auto project = project_of(
      "services:\n  web:\n    image: i\n    env_file: [one.env, two.env]\n",
      {{"/p/one.env", many}, {"/p/two.env", "V7=seven\nFIRST=new\nFIRST\nNOBODY\nREF=$V39999-$V7\n"}});
  const auto& environment = project.services.at("web").environment;
  EXPECT_EQ(environment.size(), 40'002U);
  EXPECT_EQ(environment.at("V7"), "seven");
  EXPECT_EQ(environment.at("FIRST"), "old");
  EXPECT_EQ(environment.at("REF"), "39999-7");
}

TEST(Load, AFileThatCannotBeReadIsRefusedWhereItIsNamed) {
  const std::string web = "services:\n  web:\n    image: i\n";
  for (const auto& text :
       {web + "    env_file: /\n", web + "    label_file: /\n", "include: [/]\n" + web,
        "include: [{path: /p/inner.yaml, env_file: /}]\n" + web,
        web + "    secrets: [s]\nsecrets:\n  s:\n    file: /\n",
        web + "    configs: [s]\nconfigs:\n  s:\n    file: /dev/zero\n", web + "    env_file: /dev/zero\n"}) {
    auto request = request_of({{"/p/compose.yaml", text}, {"/p/inner.yaml", web}});
    request.read = [in_memory = request.read](const std::filesystem::path& path) {
      return path.string().starts_with("/p/") ? in_memory(path) : read_from_disk(path);
    };
    try {
      load(request);
      FAIL() << text;
    } catch (const base::Error& error) {
      EXPECT_TRUE(error.message().starts_with("compose.yaml:")) << error.message();
      EXPECT_NE(error.message().find("cannot read '/"), std::string::npos) << error.message();
      EXPECT_FALSE(error.hint().empty()) << error.message();
    }
  }
}

TEST(Load, AValueOfTheEnvironmentThatIsNotUtf8IsRefusedWhereItIsUsed) {
  for (const char* use : {"image: ${BAD}", "image: i\n    environment: [BAD]",
                          "image: i\n    environment:\n      A: x${BAD:-y}", "image: i\n    env_file: e"}) {
    auto request = test::request_of(
        {{"/p/e", "BAD\n"}, {"/p/compose.yaml", std::string("services:\n  web:\n    ") + use + "\n"}});
    request.environment = {{"BAD", "a\xFFz"}};
    try {
      load(request);
      FAIL() << use;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.message(), "the value of the variable 'BAD' is not UTF-8") << use;
      EXPECT_FALSE(error.hint().empty());
    }
    request.environment["BAD"] = "good";
    EXPECT_NO_THROW(load(request)) << use;
  }
}

TEST(Load, InterpolatedAndQuotedScalarsGetTheirType) {
  const auto project =
      project_of("services: {a: {image: x, privileged: 'yes', scale: '${N:-2}', restart: no}}");
  EXPECT_TRUE(project.services.at("a").privileged);
  EXPECT_EQ(project.services.at("a").scale, 2);
  EXPECT_EQ(project.services.at("a").restart, "no");
}

TEST(Load, ProfilesChooseServices) {
  auto request =
      request_of({{"/p/compose.yaml", "services: {a: {image: x}, seed: {image: x, profiles: [jobs]}}"}});
  auto project = load(request);
  EXPECT_FALSE(project.services.contains("seed"));
  EXPECT_EQ(project.inactive, std::vector<std::string>{"seed"});
  request.profiles = {"jobs"};
  EXPECT_TRUE(load(request).services.contains("seed"));
}

TEST(Load, AnOverlayIsMergedAndAMissingOneRefused) {
  auto request = request_of({{"/p/compose.yaml", "services: {a: {image: x, tty: true}}"},
                             {"/p/compose.dev.yaml", "services: {a: {image: y}}"}});
  request.overlay = "dev";
  EXPECT_EQ(load(request).services.at("a").image, "y");
  EXPECT_TRUE(load(request).services.at("a").tty);
  request.overlay = "prod";
  EXPECT_THROW(load(request), base::Error);
}

TEST(Load, TheDefaultNetworkExistsOnlyWhereItIsUsed) {
  const auto project = project_of(
      "services: {a: {image: x, networks: [back]}, b: {image: x, network_mode: none}}\nnetworks: {back: "
      "{internal: true}}");
  EXPECT_FALSE(project.networks.contains("default"));
  EXPECT_TRUE(project.networks.at("back").internal);
}

TEST(Load, SharedNamespacesAndLinksAreDependencies) {
  const auto project = project_of(
      "services: {a: {image: x}, b: {image: x, network_mode: 'service:a'}, c: {image: x, links: ['a:db']}}");
  EXPECT_TRUE(project.services.at("b").depends_on.at("a").restart);
  EXPECT_TRUE(project.services.at("c").depends_on.contains("a"));
}

TEST(Load, KnownKeysThatAreNotAppliedAreSaid) {
  const auto project = project_of(
      "services: {a: {image: x, blkio_config: {weight: 3}, deploy: {placement: {constraints: [c]}}}}");
  ASSERT_EQ(project.key_uses.size(), 2U);
  EXPECT_EQ(project.key_uses[0].path, "services.a.blkio_config");
  EXPECT_EQ(project.key_uses[1].path, "services.a.deploy.placement");
}

TEST(Load, TheCanonicalFormLoadsToItself) {
  const std::string text = R"(
services:
  web:
    build: ./web
    ports: ["8080:80"]
    environment: {PRICE: "$$5", EMPTY: , "y": "yes"}
    healthcheck: {test: "curl -f http://localhost", interval: 10s}
    depends_on: [db]
  db: {image: "postgres:16", volumes: ["db:/var/lib"], extra_hosts: {h: 1.2.3.4}}
volumes: {db: {}}
)";
  const auto shown = [](const std::string& yaml) {
    return yaml_text(shown_config(load_model(request_of({{"/p/compose.yaml", yaml}})), {}, Print::yaml),
                     Dollars::doubled);
  };
  const std::string once = shown(text);
  EXPECT_EQ(shown(once), once);
  EXPECT_NE(once.find("PRICE: $$5"), std::string::npos) << once;
}

struct Wrong {
  const char* name;
  const char* yaml;
  const char* place;
  const char* says;
};

void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.name;
}

class Refused : public testing::TestWithParam<Wrong> {};

TEST_P(Refused, WithPlaceAndReason) {
  try {
    project_of(GetParam().yaml);
    FAIL() << "accepted";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ExitCode::precheck);
    EXPECT_NE(error.render().find(GetParam().place), std::string::npos) << error.render();
    EXPECT_NE(error.render().find(GetParam().says), std::string::npos) << error.render();
  }
}

INSTANTIATE_TEST_SUITE_P(
    Load, Refused,
    testing::Values(
        Wrong{"unknown_key", "services:\n  a:\n    imag: x\n", "compose.yaml:3:5", "did you mean 'image'?"},
        Wrong{"unknown_top", "service:\n  a: {}\n", "compose.yaml:1:1", "did you mean 'services'?"},
        Wrong{"no_services", "name: x\n", "compose.yaml:1:1", "needs a map 'services'"},
        Wrong{"no_image", "services:\n  a: {tty: true}\n", "compose.yaml:2", "neither an image nor a build"},
        Wrong{"undefined_network",
              "services:\n  a:\n    image: x\n    networks: [bak]\nnetworks: {back: {}}\n", "compose.yaml:4",
              "did you mean 'back'?"},
        Wrong{"undefined_volume", "services:\n  a: {image: x, volumes: ['data:/d']}\n", "compose.yaml:2",
              "undefined volume 'data'"},
        Wrong{"undefined_secret", "services:\n  a: {image: x, secrets: [s]}\n", "compose.yaml:2",
              "undefined secret 's'"},
        Wrong{"undefined_service", "services:\n  a: {image: x, depends_on: [b]}\n", "compose.yaml:2",
              "undefined service 'b'"},
        Wrong{"cycle", "services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, depends_on: [a]}\n",
              "compose.yaml:", "a -> b -> a"},
        Wrong{"itself", "services:\n  a: {image: x, depends_on: [a]}\n", "compose.yaml:2",
              "depends on itself"},
        Wrong{"modes", "services:\n  a: {image: x, network_mode: host, networks: [n]}\nnetworks: {n: {}}\n",
              "compose.yaml:2", "both 'network_mode' and 'networks'"},
        Wrong{"two_targets", "services:\n  a: {image: x, tmpfs: [/d], volumes: ['./d:/d']}\n",
              "compose.yaml:2", "mounts two things on '/d'"},
        Wrong{"port", "services:\n  a: {image: x, ports: ['8o:80']}\n", "compose.yaml:2", "'8o' is no port"},
        Wrong{"port_ranges", "services:\n  a: {image: x, ports: ['1-3:80-81']}\n", "compose.yaml:2",
              "3 host ports"},
        Wrong{"condition",
              "services:\n  a: {image: x, depends_on: {b: {condition: healthy}}}\n  b: {image: x}\n",
              "compose.yaml:2", "condition' cannot be 'healthy'"},
        Wrong{"restart", "services:\n  a: {image: x, restart: sometimes}\n", "compose.yaml:2",
              "unknown restart policy"},
        Wrong{"size", "services:\n  a: {image: x, mem_limit: lots}\n", "compose.yaml:2",
              "'lots' is no size for 'mem_limit'"},
        Wrong{"limits_disagree",
              "services:\n  a: {image: x, mem_limit: 1g, deploy: {resources: {limits: {memory: 2g}}}}\n",
              "compose.yaml:2", "'mem_limit' and 'deploy.resources.limits.memory' differ"},
        Wrong{"healthcheck", "services:\n  a: {image: x, healthcheck: {test: [curl]}}\n", "compose.yaml:2",
              "CMD-SHELL"},
        Wrong{"env_file", "services:\n  a: {image: x, env_file: no.env}\n", "compose.yaml:2",
              "does not exist"},
        Wrong{"secret_file", "services:\n  a: {image: x, secrets: [s]}\nsecrets: {s: {file: no.txt}}\n",
              "compose.yaml:3", "does not exist"},
        Wrong{"required", "services:\n  a: {image: '${NO:?set it}'}\n", "compose.yaml:2:14",
              "required variable NO is missing a value: set it"},
        Wrong{"double_key", "services:\n  a: {image: x}\n  a: {image: y}\n", "compose.yaml:3:3",
              "stands here twice"},
        Wrong{"two_names",
              "services:\n  a: {image: x, container_name: n}\n  b: {image: x, container_name: n}\n",
              "compose.yaml:", "same container_name"},
        Wrong{"scaled_name", "services:\n  a: {image: x, container_name: n, scale: 2}\n", "compose.yaml:2",
              "2 containers"},
        Wrong{"name_of_nothing", "name: ${NO}\nservices:\n  a: {image: x}\n", "compose.yaml:1:7",
              "nothing of the name '${NO}'"},
        Wrong{"service_no_map", "services:\n  a: x\n", "compose.yaml:2:6", "takes a map, found text"}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace fresh::compose
