using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Execution;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Profiling;

namespace IlgpuDistance.Gpu.Tests.Profiling;

public sealed class ProfilerTests
{
    private const int TrainRows = 150, TestRows = 37, Width = 21, Hidden = 18, Classes = 3, BatchSize = 64, Batches = 3;

    private static readonly NetworkPlan Plan =
        NetworkPlan.Compile(Network.Parse($"linear({Hidden}) > abs > offset-l2({Classes}) > neg"), Width, Classes);

    /// <summary>An executor with samples, and a count of the epochs that it ran.</summary>
    private sealed class Fixture : IDisposable
    {
        private readonly ComputeDevice _device;
        private readonly IDeviceSamples _train, _test;

        public Fixture(ExecutorKind kind, int threads = 2, bool profiling = false)
        {
            _device = ComputeDevice.Open("cpu", threads, kind, profiling: profiling);
            Executor = _device.CreateExecutor(Plan);
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
            _device.Dispose();
        }

        private static Samples Draw(Random random, int rows)
        {
            // Half of the bytes are zero, so that the SIMD executor takes the sparse form.
            byte[] values = [.. Enumerable.Range(0, rows * Width).Select(_ => (byte)Math.Max(0, random.Next(-255, 255)))];
            return new Samples(values, (byte[])[.. Enumerable.Range(0, rows).Select(_ => (byte)random.Next(Classes))], Width, 1f / 255);
        }
    }

    private static WorkTotal Find(EpochProfile profile, string name) => Assert.Single(profile.Work, work => work.Name == name);

    [Fact]
    public void Every_launch_of_every_timed_epoch_is_counted_with_the_work_of_its_formula()
    {
        using var fixture = new Fixture(ExecutorKind.Kernels);
        EpochProfile profile = Profiler.Measure(fixture.Executor, fixture.RunEpoch, epochs: 2, warmUp: 1)!;
        Assert.Equal(5, fixture.Epochs);
        Assert.Equal([false, true, false, true], profile.Epochs.Select(epoch => epoch.Timed));

        WorkTotal forward = Find(profile, "linear-forward-bytes-narrow");
        // A launch for each batch, and one for the test samples.
        Assert.Equal(2 * (Batches + 1), forward.Calls);
        Assert.Equal(2 * 2.0 * (TrainRows + TestRows) * Width * Hidden, forward.Flop);
        Assert.Equal(
            2.0 * ((TrainRows + TestRows) * Width + (Batches + 1) * sizeof(float) * Width * Hidden + sizeof(float) * (TrainRows + TestRows) * Hidden),
            forward.Bytes);
        Assert.Equal(2 * Batches, Find(profile, "offset-l2-paper-input-gradient").Calls);
        Assert.Equal(2 * Batches, Find(profile, "step").Calls);
        Assert.Equal(profile.Work.Sum(work => work.Calls), profile.SpanCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_phases_of_all_threads_together_treat_each_sample_once(int threads)
    {
        using var fixture = new Fixture(ExecutorKind.Simd, threads);
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
    [InlineData(ExecutorKind.Simd)]
    [InlineData(ExecutorKind.Kernels)]
    public void The_work_lies_within_the_timed_epochs_one_piece_behind_the_other(ExecutorKind kind)
    {
        using var fixture = new Fixture(kind);
        EpochProfile profile = Profiler.Measure(fixture.Executor, fixture.RunEpoch, epochs: 2, warmUp: 1)!;
        Assert.NotEmpty(profile.Spans);
        const double Rounding = 1e-6;
        foreach (IGrouping<int, WorkSpan> row in profile.Spans.GroupBy(span => span.Thread))
        {
            double end = 0;
            foreach (WorkSpan span in row.OrderBy(span => span.Start))
            {
                Assert.InRange(span.Start, end - Rounding, double.MaxValue);
                end = span.Start + span.Seconds;
                Assert.Contains(profile.Epochs, epoch =>
                    epoch.Timed && epoch.Start - Rounding <= span.Start && span.Start + span.Seconds <= epoch.Start + epoch.Seconds + Rounding);
            }
        }
        Assert.InRange(profile.WorkSeconds, 0, profile.TimedEpochSeconds + Rounding);
    }

    [Theory]
    [InlineData(ExecutorKind.Simd)]
    [InlineData(ExecutorKind.Kernels)]
    public void Timers_do_not_change_what_is_computed(ExecutorKind kind)
    {
        using Fixture timed = new(kind, profiling: true), plain = new(kind);
        Profiler.Measure(timed.Executor, timed.RunEpoch, epochs: 2, warmUp: 1);
        for (int i = 0; i < 5; i++)
            plain.RunEpoch();
        Assert.Equal(plain.Parameters(), timed.Parameters());
    }

    [Fact]
    public void After_the_profile_nothing_is_recorded_any_more()
    {
        using var fixture = new Fixture(ExecutorKind.Kernels);
        EpochProfile profile = Profiler.Measure(fixture.Executor, fixture.RunEpoch, epochs: 1, warmUp: 0)!;
        int spans = profile.Spans.Count;
        fixture.RunEpoch();
        Assert.Equal(spans, profile.Spans.Count);
    }

    [Fact]
    public void A_profile_that_is_interrupted_has_the_epochs_until_then_in_pairs()
    {
        using var fixture = new Fixture(ExecutorKind.Simd);
        using var source = new CancellationTokenSource();
        EpochProfile profile = Profiler.Measure(fixture.Executor, () =>
        {
            // In the third epoch, which is one without timers: it has no counterpart.
            if (fixture.Epochs == 2)
                source.Cancel();
            return fixture.RunEpoch();
        }, epochs: 10, warmUp: 0, source.Token)!;
        Assert.Equal(3, fixture.Epochs);
        Assert.Equal([false, true], profile.Epochs.Select(epoch => epoch.Timed));
    }

    [Fact]
    public void There_is_no_profile_where_the_epochs_end_before_the_first_with_timers()
    {
        using var fixture = new Fixture(ExecutorKind.Simd);
        Assert.Null(Profiler.Measure(fixture.Executor, () => fixture.Epochs < 2 && fixture.RunEpoch(), epochs: 1, warmUp: 1));
    }
}
