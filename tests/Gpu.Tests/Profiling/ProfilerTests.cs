using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Profiling;
using IlgpuDistance.Gpu.Tests.Executors;

namespace IlgpuDistance.Gpu.Tests.Profiling;

public sealed class ProfilerTests(ProfilerTests.Devices devices) : IClassFixture<ProfilerTests.Devices>
{
    private const int TrainRows = 91, TestRows = 37, Width = 13, Hidden = 9, Classes = 3, BatchSize = 64, Batches = 2;

    private static readonly NetworkPlan Plan =
        NetworkPlan.Compile(Network.Parse($"linear({Hidden}) > abs > offset-l2({Classes}) > neg"), Width, Classes);

    /// <summary>
    /// Devices that take the times of events, opened once for all tests: an OpenCL driver compiles for seconds.
    /// </summary>
    public sealed class Devices : IDisposable
    {
        private readonly Dictionary<(string, int), ComputeDevice> _opened = [];

        public ComputeDevice Open(string executor, int threads)
        {
            if (!_opened.TryGetValue((executor, threads), out ComputeDevice? device))
                _opened.Add((executor, threads), device = ExecutorFixture.Open(executor, threads, profiling: true));
            return device;
        }

        public void Dispose()
        {
            foreach (ComputeDevice device in _opened.Values)
                device.Dispose();
        }
    }

    private Fixture Create(string executor, int threads = 2) =>
        new(ExecutorFixture.Factory(executor, devices.Open(executor, threads)));

    /// <summary>An executor with samples, and a count of the epochs that it ran.</summary>
    private sealed class Fixture : IDisposable
    {
        private readonly IDeviceSamples _train, _test;

        public Fixture(ExecutorFactory executors)
        {
            Executor = executors.Create(Plan);
            var random = new Random(3);
            Executor.SetParameters([.. Enumerable.Range(0, Plan.ParameterCount).Select(_ => random.NextSingle() - 0.5f)]);
            _train = Executor.Upload(Draw(random, TrainRows), BatchSize);
            _test = Executor.Upload(Draw(random, TestRows));
        }

        public IExecutor Executor { get; }

        public int Epochs { get; private set; }

        public bool RunEpoch()
        {
            Executor.TrainEpoch(_train, 1e-4f);
            Executor.Evaluate(_test);
            Epochs++;
            return true;
        }

        public float[] Parameters()
        {
            float[] parameters = new float[Plan.ParameterCount];
            Executor.GetParameters(parameters);
            return parameters;
        }

        public void Dispose()
        {
            _train.Dispose();
            _test.Dispose();
            Executor.Dispose();
        }

        private static Samples Draw(Random random, int rows)
        {
            // Half of the bytes are zero, so that the SIMD executor takes the sparse form.
            byte[] values = [.. Enumerable.Range(0, rows * Width).Select(_ => (byte)Math.Max(0, random.Next(-255, 255)))];
            return new Samples(values, (byte[])[.. Enumerable.Range(0, rows).Select(_ => (byte)random.Next(Classes))], Width,
                1f / 255);
        }
    }

    private static WorkTotal Find(EpochProfile profile, string name) => Assert.Single(profile.Work, work => work.Name == name);

    [Theory, MemberData(nameof(ExecutorFixture.Kernels), MemberType = typeof(ExecutorFixture))]
    public void Every_launch_of_every_timed_epoch_is_counted_with_the_work_of_its_formula(string executor)
    {
        using var fixture = Create(executor);
        EpochProfile profile = Profiler.Measure(fixture.Executor, fixture.RunEpoch, epochs: 2, warmUp: 0)!;
        Assert.Equal(4, fixture.Epochs);
        Assert.Equal([false, true, false, true], profile.Epochs.Select(epoch => epoch.Timed));

        WorkTotal forward = Find(profile, "linear-forward-bytes-narrow");
        // A launch for each batch, and one for the test samples.
        Assert.Equal(2 * (Batches + 1), forward.Calls);
        Assert.Equal(2 * 2.0 * (TrainRows + TestRows) * Width * Hidden, forward.Flop);
        Assert.Equal(
            2.0 * ((TrainRows + TestRows) * Width + (Batches + 1) * sizeof(float) * Width * Hidden + sizeof(float)
                * (TrainRows + TestRows) * Hidden),
            forward.Bytes);
        Assert.Equal(2 * Batches, Find(profile, "offset-l2-paper-input-gradient").Calls);
        Assert.Equal(2 * Batches, Find(profile, "step-sgd").Calls);
        Assert.Equal(profile.Work.Sum(work => work.Calls), profile.SpanCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_phases_of_all_threads_together_treat_each_sample_once(int threads)
    {
        using var fixture = Create("simd", threads);
        EpochProfile profile = Profiler.Measure(fixture.Executor, fixture.RunEpoch, epochs: 2, warmUp: 0)!;
        Assert.Equal(threads, profile.Threads);
        WorkTotal prototypes = Find(profile, $"2 offset-l2({Classes}) forward");
        Assert.Equal(2 * 4.0 * (TrainRows + TestRows) * Hidden * Classes, prototypes.Flop, 6);
        Assert.Equal(2 * 7.0 * TrainRows * Hidden * Classes, Find(profile, $"2 offset-l2({Classes}) backward").Flop, 6);
        // About half of the pixels are zero, and nothing is multiplied with them.
        double dense = 2 * 2.0 * (TrainRows + TestRows) * Width * Hidden;
        Assert.InRange(Find(profile, $"0 linear({Hidden}) forward").Flop, 0.4 * dense, 0.6 * dense);
        // Each thread steps its part of the parameters.
        Assert.Equal(2 * Batches * threads, Find(profile, "step").Calls);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(9, 2)]
    public void Without_time_there_are_two_epochs_of_either_kind_but_no_more_than_are_asked_for(int asked, int timed)
    {
        using var fixture = Create("simd", threads: 1);
        EpochProfile profile = Profiler.Measure(fixture.Executor, fixture.RunEpoch, asked, warmUp: 1, seconds: 0)!;
        Assert.Equal(1 + 2 * timed, fixture.Epochs);
        Assert.Equal(timed, profile.TimedEpochs);
    }

    [Theory]
    [InlineData("simd")]
    [InlineData("kernels")]
    public void What_the_host_s_clock_has_timed_lies_within_the_timed_epochs(string executor)
    {
        using var fixture = Create(executor);
        EpochProfile profile = Profiler.Measure(fixture.Executor, fixture.RunEpoch, epochs: 2, warmUp: 0)!;
        const double Rounding = 1e-9;
        Assert.NotEmpty(profile.Spans);
        Assert.All(profile.Spans, span => Assert.Contains(profile.Epochs, epoch =>
            epoch.Timed && epoch.Start - Rounding <= span.Start
                && span.Start + span.Seconds <= epoch.Start + epoch.Seconds + Rounding));
    }

    [Theory, MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Pieces_of_work_follow_each_other_and_take_less_time_than_their_epochs(string executor)
    {
        using var fixture = Create(executor);
        EpochProfile profile = Profiler.Measure(fixture.Executor, fixture.RunEpoch, epochs: 1, warmUp: 1)!;
        // Of events in a queue, ILGPU tells the time in units of 100 ns.
        const double Resolution = 2e-7;
        Assert.All(profile.Spans, span => Assert.True(span.Seconds >= 0));
        foreach (IGrouping<int, WorkSpan> row in profile.Spans.GroupBy(span => span.Thread))
        {
            Assert.All(row.Zip(row.Skip(1)),
                pair => Assert.True(pair.First.Start + pair.First.Seconds <= pair.Second.Start + Resolution));
        }

        Assert.InRange(profile.WorkSeconds, 1e-9, profile.TimedEpochSeconds + profile.SpanCount * Resolution);
    }

    [Theory, MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Timers_do_not_change_what_is_computed(string executor)
    {
        using Fixture timed = Create(executor), plain = Create(executor);
        Profiler.Measure(timed.Executor, timed.RunEpoch, epochs: 1, warmUp: 1);
        for (int i = 0; i < 3; i++)
            plain.RunEpoch();
        Assert.Equal(plain.Parameters(), timed.Parameters());
    }

    [Fact]
    public void After_the_profile_nothing_is_recorded_any_more()
    {
        using var fixture = Create("kernels");
        EpochProfile profile = Profiler.Measure(fixture.Executor, fixture.RunEpoch, epochs: 1, warmUp: 0)!;
        int spans = profile.Spans.Count;
        fixture.RunEpoch();
        Assert.Equal(spans, profile.Spans.Count);
    }

    [Fact]
    public void A_profile_that_is_interrupted_has_the_epochs_until_then_in_pairs()
    {
        using var fixture = Create("simd");
        using var source = new CancellationTokenSource();
        EpochProfile profile = Profiler.Measure(fixture.Executor, () =>
        {
            // In the third epoch, which is one without timers: it has no counterpart.
            if (fixture.Epochs == 2)
                source.Cancel();
            return fixture.RunEpoch();
        }, epochs: 10, warmUp: 0, cancellation: source.Token)!;
        Assert.Equal(3, fixture.Epochs);
        Assert.Equal([false, true], profile.Epochs.Select(epoch => epoch.Timed));
    }

    [Fact]
    public void There_is_no_profile_where_the_epochs_end_before_the_first_with_timers()
    {
        using var fixture = Create("simd");
        Assert.Null(Profiler.Measure(fixture.Executor, () => fixture.Epochs < 2 && fixture.RunEpoch(), epochs: 1, warmUp: 1));
    }
}
