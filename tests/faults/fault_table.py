"""Every fault that the daily job is tried with, in the order of docs/RELIABILITY.md."""

import faults_of_kills
import faults_of_machine
import faults_of_releases
import faults_of_truth
import faults_of_warehouse

FAULTS = (
    *faults_of_kills.FAULTS,
    *faults_of_machine.FAULTS,
    *faults_of_truth.FAULTS,
    *faults_of_warehouse.FAULTS,
    *faults_of_releases.FAULTS,
)
