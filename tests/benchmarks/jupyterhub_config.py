"""JupyterHub for a class that opens these notebooks in the same minute.

Copy the lines into your own jupyterhub_config.py, or load this file from there:
`load_subconfig("/path/to/tests/benchmarks/jupyterhub_config.py")`. They leave
authenticator and spawner to you. `class_of_students.py` runs real classes
with exactly this file.
"""

c = get_config()  # noqa: F821  JupyterHub provides it

# Thirty servers that start at once share the cores, so each takes long. JupyterHub's own limits
# (60 and 30 seconds) give up on some of them (6 of 20 when we measured), and their work so far was
# for nothing.
c.Spawner.start_timeout = 180
c.Spawner.http_timeout = 180
# The same for the kernels, one step later: the server waits 60 seconds for a kernel's first word.
c.Spawner.args = ["--MappingKernelManager.kernel_info_timeout=180"]

# Server and kernel of one student together. Local spawners do not enforce it; those that put
# each student into a container (Docker, Kubernetes, systemd) do.
c.Spawner.mem_limit = "1G"

# Thirty kernels that each start a thread for every core only get in each other's way.
c.Spawner.environment = {"OMP_NUM_THREADS": "1"}
