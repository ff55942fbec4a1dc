// What the front page and /api/json say of this controller: verify sees it over HTTP.
def controller = hudson.model.Hudson.instance
controller.systemMessage = 'Built, booted and verified by jbuild.'
controller.save()
println 'jbuild-hook 10-message done'
