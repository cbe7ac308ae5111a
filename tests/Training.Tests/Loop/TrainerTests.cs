using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Tests.Reference;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Tests.Loop;

public sealed class TrainerTests
{
    private const float LearningRate = 0.1f;

    private static readonly NetworkPlan Plan = NetworkPlan.Compile(
        Network.Parse("linear(4) > abs > offset-l2(3) > neg"), inputs: 5, classes: 3);

    private static readonly Samples Train = TestSamples.Random(count: 11, width: 5, classes: 3, seed: 1);
    private static readonly Samples Test = TestSamples.Random(count: 7, width: 5, classes: 3, seed: 2);

    private static TrainingState Start => new(0, Initialisation.Draw(Plan, seed: 1));

    private static TrainingOptions Options => new() { Epochs = 6, LearningRate = LearningRate, Seed = 1 };

    private static List<EpochRecord> Run(
        TrainingOptions options, out ReferenceExecutor executor, out TrainingState end, TrainingState? start = null)
    {
        executor = new ReferenceExecutor(Plan);
        using var trainer = new Trainer(executor, Train, Test, options, start ?? Start);
        List<EpochRecord> records = [.. trainer.Run()];
        Assert.Equal(TrainingOutcome.Completed, trainer.Outcome);
        Assert.Null(trainer.Divergence);
        end = trainer.ReadState();
        return records;
    }

    [Fact]
    public void A_row_has_the_loss_before_its_step_and_the_test_accuracy_after_it()
    {
        var records = Run(Options, out _, out _);

        // The same by hand: evaluate, step, evaluate.
        using var executor = new ReferenceExecutor(Plan);
        using var train = executor.Upload(Train);
        using var test = executor.Upload(Test);
        executor.SetParameters(Start.Parameters);
        Assert.Equal(Enumerable.Range(0, 7), records.Select(record => record.Epoch));
        foreach (EpochRecord record in records)
        {
            PassMetrics before = executor.Evaluate(train);
            if (record.Epoch > 0)
                executor.TrainEpoch(train, LearningRate);
            Assert.Equal(before.Loss, record.Loss, 1e-12);
            Assert.Equal(before.Accuracy, record.TrainAccuracy);
            Assert.Equal(executor.Evaluate(test).Accuracy, record.TestAccuracy);
            Assert.InRange(record.Seconds, 0, 60);
        }
        Assert.Equal(records[0].Loss, records[1].Loss, 1e-12);
        Assert.True(records[6].Loss < records[1].Loss);
    }

    [Fact]
    public void Every_step_has_the_rate_of_its_schedule_and_the_optimizer_of_the_options()
    {
        TrainingOptions options = Options with
        {
            Epochs = 3,
            BatchSize = 4,
            Schedule = new CosineRate(WarmUp: 1),
            Optimizer = new Momentum(0.5),
            RateFactors = RateFactors.Parse("mu=0"),
        };
        Run(options, out ReferenceExecutor executor, out TrainingState end);
        double[] factors = [1 / 3.0, 2 / 3.0, 1,
            .. Enumerable.Range(0, 6).Select(step => (1 + Math.Cos(Math.PI * step / 6)) / 2)];
        Assert.Equal(factors.Select(factor => (float)(LearningRate * factor)), executor.Rates);
        Assert.Equal((9, "velocity"), (end.Optimizer!.Steps, Assert.Single(end.Optimizer.Tensors).Name));
        ParameterTensor mu = Plan.Layers[2].Find(ParameterRole.Mu)!;
        Assert.Equal(Start.Parameters.AsSpan(mu.Offset, mu.Count), end.Parameters.AsSpan(mu.Offset, mu.Count));
        Assert.NotEqual(Start.Parameters, end.Parameters);
    }

    [Fact]
    public void No_epochs_leave_the_untrained_network_and_its_row()
    {
        var records = Run(Options with { Epochs = 0 }, out _, out TrainingState end);
        Assert.Equal(0, Assert.Single(records).Epoch);
        Assert.NotNull(records[0].TestAccuracy);
        Assert.Equal(Start.Parameters, end.Parameters);
    }

    [Fact]
    public void A_second_run_says_how_to_train_on()
    {
        using var executor = new ReferenceExecutor(Plan);
        using var trainer = new Trainer(executor, Train, Test, Options, Start);
        Assert.Equal(7, trainer.Run().Count());
        var error = Assert.Throws<InvalidOperationException>(() => trainer.Run());
        Assert.Contains("runs once; make another one from ReadState()", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_test_set_is_evaluated_every_so_many_epochs_and_at_the_end()
    {
        var records = Run(Options with { Epochs = 8, EvaluateEvery = 3 }, out ReferenceExecutor executor, out _);
        Assert.Equal([0, 3, 6, 8], records.Where(record => record.TestAccuracy is not null).Select(record => record.Epoch));
        // One evaluation of the training set for row 0.
        Assert.Equal(5, executor.Evaluations);
    }

    [Fact]
    public void Each_epoch_visits_all_batches_in_an_order_of_its_own()
    {
        Run(Options with { BatchSize = 2 }, out ReferenceExecutor executor, out _);
        int[][] epochs = [.. executor.Visited.Chunk(6)];
        Assert.Equal(6, epochs.Length);
        Assert.All(epochs, epoch => Assert.Equal(Enumerable.Range(0, 6), epoch.Order()));
        Assert.True(epochs.Select(epoch => string.Join(' ', epoch)).Distinct().Count() > 3);
    }

    [Fact]
    public void Batches_depend_on_the_seed_and_the_run()
    {
        List<int> Visited(TrainingOptions options)
        {
            Run(options with { BatchSize = 1 }, out ReferenceExecutor executor, out _);
            return executor.Visited;
        }

        Assert.Equal(Visited(Options), Visited(Options));
        Assert.NotEqual(Visited(Options), Visited(Options with { Seed = 2 }));
        Assert.NotEqual(Visited(Options), Visited(Options with { Run = 1 }));
    }

    [Theory]
    [InlineData(TrainingOptions.FullBatch)]
    [InlineData(3)]
    public void A_training_taken_up_again_goes_on_as_if_it_had_never_stopped(int batchSize)
    {
        TrainingOptions options = Options with { BatchSize = batchSize };
        var whole = Run(options, out _, out TrainingState wholeEnd);
        var first = Run(options with { Epochs = 2 }, out _, out TrainingState middle);
        var second = Run(options, out _, out TrainingState end, middle);

        Assert.Equal(2, middle.Epoch);
        Assert.Equal(6, end.Epoch);
        Assert.Equal(Enumerable.Range(0, 7), first.Concat(second).Select(record => record.Epoch));
        // The state passes through float32, where the reference computes in float64.
        foreach (var (expected, actual) in whole.Zip(first.Concat(second)))
            Assert.Equal(expected.Loss, actual.Loss, 1e-6);
        foreach (var (expected, actual) in wholeEnd.Parameters.Zip(end.Parameters))
            Assert.Equal(expected, actual, 1e-6f);
    }

    [Fact]
    public void Shuffled_samples_are_the_same_samples_with_their_labels()
    {
        byte[] pixels = [.. Enumerable.Range(0, 40).Select(i => (byte)i)];
        byte[] labels = [.. Enumerable.Range(0, 20).Select(i => (byte)i)];
        var samples = new Samples(pixels, labels, width: 2, scale: 3, shift: 4);
        Samples shuffled = SampleOrder.Shuffled(samples, seed: 1, run: 0);

        Assert.NotEqual(labels, shuffled.Labels.ToArray());
        Assert.Equal(labels, shuffled.Labels.ToArray().Order());
        Assert.Equal((3f, 4f, 2), (shuffled.Scale, shuffled.Shift, shuffled.Width));
        for (int i = 0; i < 20; i++)
        {
            byte label = shuffled.Labels.Span[i];
            Assert.Equal([(byte)(2 * label), (byte)(2 * label + 1)], shuffled.Bytes.Slice(2 * i, 2).ToArray());
        }
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_the_training_with_its_row_and_names_the_epoch()
    {
        using var executor = new ReferenceExecutor(Plan);
        using var trainer = new Trainer(executor, Train, Test, Options with { Epochs = 100, LearningRate = 1e38f }, Start);
        List<EpochRecord> records = [.. trainer.Run()];

        Assert.Equal(TrainingOutcome.Diverged, trainer.Outcome);
        Assert.InRange(records.Count, 2, 50);
        Assert.All(records.SkipLast(1), record => Assert.True(double.IsFinite(record.Loss)));
        Assert.False(double.IsFinite(records[^1].Loss));
        Assert.Null(records[^1].TestAccuracy);
        Assert.StartsWith($"the loss of epoch {records.Count - 1} is ", trainer.Divergence, StringComparison.Ordinal);
    }

    [Fact]
    public void An_untrained_network_without_a_loss_is_not_trained()
    {
        float[] parameters = Start.Parameters;
        parameters[0] = float.NaN;
        using var executor = new ReferenceExecutor(Plan);
        using var trainer = new Trainer(executor, Train, Test, Options, new TrainingState(0, parameters));
        Assert.Single(trainer.Run());
        Assert.Equal("the loss of the untrained network is NaN", trainer.Divergence);
        Assert.Empty(executor.Visited);
    }

    [Fact]
    public void Parameters_that_the_last_step_made_infinite_count_as_divergence()
    {
        using var executor = new ReferenceExecutor(Plan);
        using var trainer = new Trainer(executor, Train, Test, Options with { Epochs = 1 }, Start);
        foreach (EpochRecord record in trainer.Run())
        {
            Assert.True(double.IsFinite(record.Loss));
            if (record.Epoch == 1)
                executor.SetParameters([.. Start.Parameters.Skip(1), float.PositiveInfinity]);
        }
        Assert.Equal(TrainingOutcome.Diverged, trainer.Outcome);
        Assert.Equal("the parameters after epoch 1 are not finite", trainer.Divergence);
    }

    [Fact]
    public void Cancellation_finishes_the_epoch_and_tests_it_without_a_change_to_its_row()
    {
        using var cancellation = new CancellationTokenSource();
        using var executor = new ReferenceExecutor(Plan)
        {
            Trained = epoch =>
            {
                if (epoch == 2)
                    cancellation.Cancel();
            },
        };
        using var trainer = new Trainer(executor, Train, Test, Options with { EvaluateEvery = 100 }, Start);
        List<EpochRecord> records = [.. trainer.Run(cancellation.Token)];

        Assert.Equal(TrainingOutcome.Interrupted, trainer.Outcome);
        Assert.Equal(2, records[^1].Epoch);
        Assert.Null(records[^1].TestAccuracy);
        Assert.NotNull(trainer.Last!.TestAccuracy);
        Assert.Equal(2, trainer.ReadState().Epoch);
    }

    [Fact]
    public void Cancellation_during_the_last_epoch_leaves_a_complete_training()
    {
        using var cancellation = new CancellationTokenSource();
        using var executor = new ReferenceExecutor(Plan) { Trained = epoch => { if (epoch == 6) cancellation.Cancel(); } };
        using var trainer = new Trainer(executor, Train, Test, Options, Start);
        Assert.Equal(7, trainer.Run(cancellation.Token).Count());
        Assert.Equal(TrainingOutcome.Completed, trainer.Outcome);
    }

    public static TheoryData<TrainingOptions, string> BadOptions() => new()
    {
        { Options with { Epochs = -1 }, "epochs -1: expected 0 or more" },
        { Options with { LearningRate = 0 }, "learning rate 0: expected a finite number above 0" },
        { Options with { LearningRate = -0.5f }, "learning rate -0.5: " },
        { Options with { LearningRate = float.NaN }, "learning rate NaN: " },
        { Options with { LearningRate = float.PositiveInfinity }, "learning rate Infinity: " },
        { Options with { BatchSize = 0 }, "batch size 0: expected 1 to the number of training samples (11), or full" },
        { Options with { BatchSize = 12 }, "batch size 12: expected 1 to the number of training samples (11), or full" },
        { Options with { EvaluateEvery = 0 }, "epochs between evaluations 0: expected 1 or more" },
        { Options with { Run = -1 }, "run -1: " },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void An_option_that_cannot_be_used_is_refused_by_name(TrainingOptions options, string message)
    {
        using var executor = new ReferenceExecutor(Plan);
        var error = Assert.Throws<InputException>(() => new Trainer(executor, Train, Test, options, Start));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }
}
