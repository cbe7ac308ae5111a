using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Tests.Runs;

/// <summary>Trainings that are asked for another number of epochs than they were begun with.</summary>
public sealed class MoreEpochsTests(DisturbedTraining.Cpu cpu) : DisturbedTraining(cpu)
{
    [Fact]
    public void A_run_that_is_to_have_more_epochs_gets_the_bits_of_one_that_was_begun_with_them()
    {
        foreach (int epochs in new[] { 0, 1, 3, 4, 7 })
        {
            TrainingSetup few = Variant(epochs: epochs);
            Train($"{epochs} completed", setup: few);
            Train($"{epochs} completed");
            AssertSameAsWhole($"{epochs} completed");

            // Killed where only the end was not written: the last row is tested, which it is not among more epochs.
            Train($"{epochs} killed", killedAfter: epochs, setup: few);
            Train($"{epochs} killed");
            AssertSameAsWhole($"{epochs} killed");

            Interrupt($"{epochs} interrupted", Math.Max(-1, epochs - 3), few);
            Train($"{epochs} interrupted");
            AssertSameAsWhole($"{epochs} interrupted");
        }
    }

    [Fact]
    public void A_run_may_be_asked_for_fewer_epochs_but_not_for_fewer_than_it_has()
    {
        foreach (int epochs in new[] { 4, 5, 7 })
        {
            Train($"{epochs} whole", setup: Variant(epochs: epochs));
            Train($"{epochs}", killedAfter: 4);
            AssertRefused($"{epochs}", $"epochs 3: {Folder[$"{epochs}"]} has 4 epochs already; ask for as many or more, or ",
                Variant(epochs: 3));
            Train($"{epochs}", setup: Variant(epochs: epochs));
            AssertSameAsWhole($"{epochs}", $"{epochs} whole");
        }
        AssertRefused("whole", $"epochs 7: {Folder["whole"]} has 8 epochs already; ", Variant(epochs: 7));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_kill_while_a_completed_run_is_opened_for_more_epochs_loses_nothing(int steps)
    {
        TrainingSetup few = Variant(epochs: 4);
        Train("few", setup: few);
        Train("run", setup: few);
        Dictionary<string, byte[]> completed = ContentOf("run");
        RunFolder.Resume(Folder["run"], Describe(Setup), Warnings.Add).Dispose();
        Assert.Equal(["checkpoint", "metrics.csv.partial", "model.safetensors", "run.json"], FilesIn("run"));
        File.WriteAllBytes(PathOf("run", "metrics.csv"), completed["metrics.csv"]);
        if (steps < 3)
            File.WriteAllBytes(PathOf("run", "run.json"), completed["run.json"]);
        if (steps < 2)
            File.Delete(PathOf("run", "checkpoint"));

        RunProgress progress = RunProgress.Find(Folder["run"], Warnings.Add)!;
        Assert.Equal(steps < 3, progress.IsEndOf(Describe(few)));
        Train("run");
        AssertSameAsWhole("run");
        Assert.Empty(Warnings);
    }
}
