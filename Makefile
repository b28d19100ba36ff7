# The commands of the house. Each does all its own set-up: nothing to install before, nothing to undo after.

.PHONY: help run test check fix docs lock bench faults

help: ## Montre cette aide
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

run: ## Ouvre Escale sur cette machine : http://localhost:8000
	@python3 -m launcher.run

test: ## Vérifie, puis joue tous les tests (only="tests/web -k envoi" pour en choisir)
	@python3 -m launcher.test $(only)

check: ## Vérifie le style, les types, les imports, les migrations, les documents ; ne change rien
	@python3 -m launcher.chores check

fix: ## Répare ce qui peut l'être
	@python3 -m launcher.chores fix

docs: ## Redessine les documents qui viennent du code
	@python3 -m launcher.chores docs

lock: ## Refait les listes exactes des paquets (requirements*.lock)
	@python3 -m launcher.chores lock

bench: ## Mesure, et écrit les chiffres
	@python3 -m launcher.bench $(only) $(if $(claims),--claims $(claims))

faults: ## Casse tout, des centaines de fois, et compte ce qui est perdu (only="--faults 50 --seed 1")
	@python3 -m launcher.faults $(only)
