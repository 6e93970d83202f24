#include "engine/registry_credentials.h"

#include "base/error.h"
#include "base/file.h"
#include "engine/base64.h"
#include "engine/dialect.h"
#include "engine/registry_header.h"
#include "unit/engine/scripted_engine.h"

#include <map>

namespace fresh::engine {
namespace {

using Files = std::map<std::string, std::string>;

const std::string docker_file = "/home/u/.docker/config.json";

/// A user's host made of data.
struct Host {
  Files files;
  std::map<std::string, std::string> environment{{"HOME", "/home/u"}, {"XDG_RUNTIME_DIR", "/run/user/7"}};
  std::map<std::string, HelperAnswer> helpers = {};  ///< `program server`

  CredentialRequest request() const {
    return {.environment = environment,
            .uid = 7,
            .read_file = [this](const std::string& path) -> std::optional<std::string> {
              const auto found = files.find(path);
              return found == files.end() ? std::nullopt : std::optional(found->second);
            },
            .ask_helper = [this](const std::string& program, const std::string& server,
                                 const Call& /*call*/) -> std::optional<HelperAnswer> {
              const auto found = helpers.find(program + " " + server);
              return found == helpers.end() ? std::nullopt : std::optional(found->second);
            }};
  }
  std::optional<RegistryAuth> find(const std::string& reference, Flavor flavor = Flavor::docker) const {
    return RegistryCredentials(request(), flavor).find(reference, {}).auth;
  }
  /// `user:password`, or `none`.
  std::string found(const std::string& reference, Flavor flavor = Flavor::docker) const {
    const auto auth = find(reference, flavor);
    return auth ? auth->user + ":" + auth->password + auth->identity_token : "none";
  }
  base::Error refusal(const std::string& reference) const {
    try {
      const auto what = found(reference);
      ADD_FAILURE() << "found " << what;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), base::ExitCode::precheck);
      EXPECT_NE(error.message().find(docker_file), std::string::npos) << error.message();
      EXPECT_NE(error.hint(), "");
      return error;
    }
    return {base::ExitCode::bug, ""};
  }
};

/// `"auth"` of `text`, as `docker login` writes it.
std::string auth(const std::string& text) {
  return R"({"auth": ")" + base64_url(text) + R"("})";
}

TEST(ImageName, says_where_an_image_is_kept) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"debian", "docker.io/library/debian"},
      {"debian:12", "docker.io/library/debian"},
      {"team/tool@sha256:1", "docker.io/team/tool"},
      {"index.docker.io/debian", "docker.io/library/debian"},
      {"localhost/a:1", "localhost/a"},
      {"h:5000/a/b", "h:5000/a/b"},
      {"h:5000/a/b:1@sha256:2", "h:5000/a/b"},
      {"h.example/a", "h.example/a"}};
  for (const auto& [reference, repository] : cases) {
    EXPECT_EQ(image_name(reference).repository(), repository) << reference;
  }
  EXPECT_FALSE(image_name("debian").names_registry);
  EXPECT_TRUE(image_name("docker.io/debian").names_registry);
}

TEST(RegistryCredentials, the_most_exact_key_wins) {
  const Host host{
      {{docker_file, R"({"auths": {"h.example": )" + auth("a:host") + R"(, "h.example/team": )" +
                         auth("b:team") + R"(, "h.example/team/tool": )" + auth("c:tool") + "}}"}}};
  EXPECT_EQ(host.found("h.example/team/tool:1"), "c:tool");
  EXPECT_EQ(host.found("h.example/team/tools:1"), "b:team");
  EXPECT_EQ(host.found("h.example/teams/tool"), "a:host");
  EXPECT_EQ(host.found("h.example:5000/team/tool"), "none");
  EXPECT_EQ(host.found("other.example/team/tool"), "none");
  EXPECT_EQ(host.found("debian"), "none");
}

TEST(RegistryCredentials, old_keys_are_addresses) {
  const Host host{{{docker_file, R"({"auths": {"https://index.docker.io/v1/": )" + auth("hub:p:w") +
                                     R"(, "https://h.example/v2/": )" + auth("a:b") +
                                     R"(, "g.example/v1": )" + auth("c:d") + "}}"}}};
  EXPECT_EQ(host.found("debian:12"), "hub:p:w");
  EXPECT_EQ(host.found("docker.io/team/tool"), "hub:p:w");
  EXPECT_EQ(host.found("h.example/x"), "a:b");
  EXPECT_EQ(host.found("g.example/x"), "c:d");
  EXPECT_EQ(host.find("debian:12")->server, "docker.io");
}

TEST(RegistryCredentials, the_files_of_the_engine_in_use_come_first) {
  Host host{{{docker_file,
              R"({"auths": {"h.example": )" + auth("docker:1") + R"(, "d.example": )" + auth("d:2") + "}}"},
             {"/run/user/7/containers/auth.json", R"({"auths": {"h.example": )" + auth("podman:3") + "}}"},
             {"/home/u/.config/containers/auth.json", R"({"auths": {"c.example": )" + auth("c:4") + "}}"}}};
  EXPECT_EQ(host.found("h.example/x", Flavor::docker), "docker:1");
  EXPECT_EQ(host.found("h.example/x", Flavor::podman), "podman:3");
  EXPECT_EQ(host.found("d.example/x", Flavor::podman), "d:2");
  EXPECT_EQ(host.found("c.example/x", Flavor::docker), "c:4");
  host.environment["DOCKER_CONFIG"] = "/other";
  EXPECT_EQ(host.found("d.example/x"), "none");
  host.files["/other/config.json"] = host.files[docker_file];
  EXPECT_EQ(host.found("d.example/x"), "d:2");
  host.environment["REGISTRY_AUTH_FILE"] = "/named.json";
  host.files["/named.json"] = R"({"auths": {"h.example": )" + auth("named:5") + "}}";
  EXPECT_EQ(host.found("h.example/x", Flavor::podman), "named:5");
  EXPECT_EQ(host.found("c.example/x", Flavor::podman), "none");
  // containers/image reads no other file when one is named.
  host.files[docker_file] = R"({"auths": {"d.example": )" + auth("d:2") + "}}";
  EXPECT_EQ(credential_files(host.request(), Flavor::podman).size(), 1U);
  host.files.erase("/named.json");
  EXPECT_THROW(host.found("h.example/x", Flavor::podman), base::Error);
  host.environment = {};
  EXPECT_EQ(credential_files(host.request(), Flavor::docker).front().path, "/run/containers/7/auth.json");
}

TEST(RegistryCredentials, tokens_and_plain_members_count) {
  const Host host{{{docker_file, R"({"auths": {"t.example": {"identitytoken": "tok"}, "p.example":)"
                                 R"( {"username": "u", "password": "p"}, "e.example": {}}})"}}};
  EXPECT_EQ(host.find("t.example/x")->identity_token, "tok");
  EXPECT_EQ(host.found("p.example/x"), "u:p");
  EXPECT_EQ(host.found("e.example/x"), "none");
}

TEST(RegistryCredentials, helpers_are_asked_as_docker_asks_them) {
  Host host{{{docker_file, R"({"auths": {"s.example": {}, "i.example": )" + auth("in:file") +
                               R"(}, "credHelpers": {"h.example": "one"}, "credsStore": "all"})"}}};
  const HelperAnswer unknown{.exit_code = 1, .out = "credentials not found in native keychain\n"};
  host.helpers = {
      {"docker-credential-one h.example", {.out = R"({"ServerURL": "h", "Username": "u", "Secret": "s"})"}},
      {"docker-credential-all s.example", {.out = R"({"Username": "<token>", "Secret": "tok"})"}},
      {"docker-credential-all i.example", unknown},
      {"docker-credential-all https://index.docker.io/v1/", {.out = R"({"Username": "hub", "Secret": "s"})"}},
      {"docker-credential-all u.example", unknown},
      {"docker-credential-all f.example", {.exit_code = 1, .out = "cannot unlock s3cret"}},
      {"docker-credential-all b.example", {.out = "Secret: s3cret"}},
      {"docker-credential-all l.example", {.exit_code = 143, .timed_out = true}}};
  EXPECT_EQ(host.found("h.example/team/tool"), "u:s");
  EXPECT_EQ(host.find("s.example/x")->identity_token, "tok");
  EXPECT_EQ(host.found("i.example/x"), "in:file");
  EXPECT_EQ(host.found("debian"), "hub:s");
  EXPECT_EQ(host.found("u.example/x"), "none");
  for (const auto& [registry, words] : std::map<std::string, std::string>{{"f.example", "exit status 1"},
                                                                          {"b.example", "gave no 'Username'"},
                                                                          {"l.example", "in time"},
                                                                          {"m.example", "not installed"}}) {
    const auto error = host.refusal(registry + "/x");
    EXPECT_NE(error.message().find(words), std::string::npos) << error.message();
    EXPECT_NE(error.message().find("'docker-credential-all'"), std::string::npos) << error.message();
    EXPECT_EQ(error.render().find("s3cret"), std::string::npos) << error.render();
  }
}

TEST(RegistryCredentials, a_broken_file_is_an_error_that_shows_nothing_of_it) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"{\n\"auths\": s3cret", "line 2"},
      {"[\"s3cret\"]", "no JSON object"},
      {R"({"auths": ["s3cret"]})", "'auths' is no map"},
      {R"({"auths": {"h.example": {"auth": "s3cret!"}}})", "'h.example'"},
      {R"({"auths": {"h.example": )" + auth("s3cret") + "}}", "'h.example'"},
      {R"({"credsStore": "../s3"})", "credential helper"}};
  for (const auto& [text, words] : cases) {
    const auto error = Host{{{docker_file, text}}}.refusal("h.example/x");
    EXPECT_NE(error.message().find(words), std::string::npos) << error.message();
    EXPECT_EQ(error.render().find("s3cret"), std::string::npos) << error.render();
  }
  EXPECT_EQ((Host{{{docker_file, ""}}}.found("h.example/x")), "none");
}

TEST(RegistryCredentials, the_programs_of_this_process_get_the_server_on_their_input) {
  const base::TemporaryFolder folder;
  const auto program = (folder.path() / "docker-credential-x").string();
  base::write_file_atomic(program, "#!/bin/sh\n[ \"$1\" = get ] && read -r server && echo \"for $server\"\n",
                          0755);
  const auto request = credential_request_of_process({});
  const auto answer = request.ask_helper(program, "h.example", {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->out, "for h.example\n");
  EXPECT_FALSE(request.ask_helper("docker-credential-that-nobody-has", "h", {}));
}

TEST(RegistryCredentials, a_helper_that_hangs_ends_with_the_call_or_a_stop) {
  const base::TemporaryFolder folder;
  const auto program = (folder.path() / "docker-credential-x").string();
  base::write_file_atomic(program, "#!/bin/sh\nexec sleep 600\n", 0755);
  const auto request = credential_request_of_process({});
  const auto answer = request.ask_helper(program, "h", {.deadline = std::chrono::milliseconds(20)});
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->timed_out);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(request.ask_helper(program, "h", {.stop = stop.get_token()}), base::Interrupted);

  Host host{{{docker_file, R"({"credsStore": "x"})"}}};
  auto asked = host.request();
  asked.ask_helper = [](const std::string&, const std::string&, const Call&) -> std::optional<HelperAnswer> {
    throw base::Interrupted("running a helper");
  };
  for (const auto flavor : {Flavor::docker, Flavor::podman}) {
    EXPECT_THROW(RegistryCredentials(asked, flavor).find("h.example/x", {}), base::Interrupted);
  }
}

TEST(RegistryCredentials, what_is_wrong_with_the_other_engines_file_is_told_when_it_was_needed) {
  Host host{{{docker_file, "{s3cret"}}};
  const RegistryCredentials podman(host.request(), Flavor::podman);
  const auto none = podman.find("h.example/x", {});
  EXPECT_FALSE(none.auth);
  ASSERT_TRUE(none.passed_over);
  EXPECT_EQ(podman.remedy("h.example/x", none),
            "the credentials of registries in '" + docker_file +
                "' cannot be read: line 1 is no JSON: mend '" + docker_file +
                "', or move it away and log in anew; or log in: podman login h.example");

  host.files["/home/u/.config/containers/auth.json"] = R"({"auths": {"h.example": )" + auth("p:1") + "}}";
  const auto found = podman.find("h.example/x", {});
  EXPECT_TRUE(found.auth);
  EXPECT_FALSE(found.passed_over);

  host.files[docker_file] = R"({"credsStore": "desktop"})";
  EXPECT_FALSE(podman.find("g.example/x", {}).auth);
  EXPECT_NE(podman.remedy("g.example/x", podman.find("g.example/x", {})).find("is not installed"),
            std::string::npos);

  host.files["/home/u/.config/containers/auth.json"] = "{";
  EXPECT_THROW(podman.find("g.example/x", {}), base::Error);
  host.files[docker_file] = R"({"auths": {"h.example": )" + auth("d:2") + "}}";
  EXPECT_EQ(host.found("h.example/x", Flavor::docker), "d:2");
  EXPECT_EQ(host.found("g.example/x", Flavor::docker), "none");
}

TEST(RegistryHeader, says_who_we_are) {
  const RegistryAuth bob{.user = "bob", .password = "pw", .server = "h"};
  const std::string one = R"({"password":"pw","serveraddress":"h","username":"bob"})";
  EXPECT_EQ(base64_decoded(registry_auth(bob, false)), one);
  EXPECT_EQ(base64_decoded(registry_auth(bob, true)), R"({"h":)" + one + "}");
  EXPECT_EQ(base64_decoded(registry_auth(std::nullopt, false)), "{}");
  EXPECT_EQ(base64_decoded(registry_config({{"docker.io", {.server = "docker.io", .identity_token = "t"}}})),
            R"({"https://index.docker.io/v1/":{"identitytoken":"t","serveraddress":"docker.io"}})");
}

/// An engine of a user who is logged in at `h.example`.
class LoggedIn : public test::ScriptedEngine {
 protected:
  LoggedIn() {
    host.files[docker_file] = R"({"auths": {"h.example": )" + auth("bob:pw") + "}}";
    credentials = host.request();
  }
  Host host;
};

TEST_F(LoggedIn, pull_push_and_build_say_who_we_are) {
  auto& engine = docker();
  const std::string as_bob = R"({"password":"pw","serveraddress":"h.example","username":"bob"})";
  const std::string id(64, 'a');
  server.on("POST", "/v1.41/images/create?fromImage=h.example%2Fx&tag=1",
            test::chunked({R"({"status":"Status: Downloaded newer image"})"}));
  server.on("GET", "/v1.41/images/h.example/x:1/json", test::answer(200, R"({"Id":"sha256:)" + id + R"("})"));
  engine.pull({.reference = "h.example/x:1"}, {}, call);
  EXPECT_EQ(base64_decoded(server.requests().at(2).headers.at("x-registry-auth")), as_bob);

  server.on("POST", "/v1.41/images/h.example/x/push?tag=1", test::chunked({R"({"aux":{"Tag":"1"}})"}));
  engine.push_image("h.example/x:1", std::nullopt, true, {}, call);
  EXPECT_EQ(base64_decoded(server.requests().back().headers.at("x-registry-auth")), as_bob);

  const base::TemporaryFolder folder;
  BuildRequest build{.tags = {"y"}, .bases = {"h.example/x:1", "debian"}};
  build.context_file = (folder.path() / "context.tar").string();
  base::write_file_atomic(build.context_file, "context");
  server.on("POST", "/v1.41/build" + docker_build_query(build),
            test::chunked({R"({"aux":{"ID":"sha256:)" + id + R"("}})"}));
  engine.build(build, {}, call);
  EXPECT_EQ(base64_decoded(server.requests().back().headers.at("x-registry-config")),
            R"({"h.example":)" + as_bob + "}");
}

TEST_F(LoggedIn, podman_that_stumbles_over_the_same_broken_file_gets_a_hint) {
  host.files[docker_file] = "{";
  auto& engine = podman();
  server.on("POST", "/v4.0.0/libpod/images/pull?reference=h.example%2Fx%3A1&policy=always",
            test::chunked({R"({"error":"getting username and password: reading JSON file"})"}));
  const auto error = error_of([&] { engine.pull({.reference = "h.example/x:1"}, {}, call); });
  EXPECT_NE(error.hint().find("mend '" + docker_file + "'"), std::string::npos) << error.render();
}

TEST_F(LoggedIn, a_registry_that_does_not_let_us_in_gets_a_hint) {
  auto& engine = docker();
  const auto unauthorized = [] {
    return test::answer(500, R"({"message":"Head x: no basic auth credentials"})");
  };
  server.on("POST", "/v1.41/images/create?fromImage=g.example%2Fx&tag=1", unauthorized());
  auto error = error_of([&] { engine.pull({.reference = "g.example/x:1"}, {}, call); });
  EXPECT_EQ(error.code(), base::ExitCode::deploy);
  EXPECT_NE(error.hint().find("no credentials for 'g.example' in '/home/u/.docker/config.json'"),
            std::string::npos)
      << error.hint();
  EXPECT_NE(error.hint().find("docker login g.example"), std::string::npos) << error.hint();

  server.on("POST", "/v1.41/images/create?fromImage=h.example%2Fx&tag=1", unauthorized());
  error = error_of([&] { engine.pull({.reference = "h.example/x:1"}, {}, call); });
  EXPECT_NE(error.hint().find("does not take the credentials"), std::string::npos) << error.hint();

  server.on("POST", "/v1.41/images/create?fromImage=g.example%2Fx&tag=1", unauthorized());
  error = error_of([&] {
    engine.pull({.reference = "g.example/x:1", .auth = {{"declared", "pw"}}}, {}, call);
  });
  EXPECT_EQ(error.hint(), "check the user name and password for this registry");
}

}  // namespace
}  // namespace fresh::engine
