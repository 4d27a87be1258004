SELECT toFloat64(count()) AS changes FROM registry_imports
