using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Cli.Verification;

/// <summary>
/// The same training twice, the second time on the device opened anew, on the CPU with one thread: the same bits.
/// </summary>
internal static class RepeatCheck
{
    private const int Epochs = 3;

    private static readonly (string Network, int BatchSize)[] Trainings =
    [
        ("linear(128) > abs > offset-l2(10) > neg", int.MaxValue),
        ("linear(100) > relu > point-slope(30) > abs > linear(10)", 256),
        ("linear(33) > relu > offset-l1(17) > linear(10)", 65),
    ];

    /// <summary>Trains and compares.</summary>
    /// <returns>What was compared.</returns>
    /// <exception cref="Discrepancy">A parameter differs.</exception>
    public static string Of(VerifiedDevice device, CancellationToken cancellation)
    {
        Dataset digits = Dataset.ReadDigits();
        ExecutorFactory again = device.OpenAgain();
        using ComputeDevice opened = again.Device;
        int parameters = 0;
        var problems = new List<string>();
        foreach (var (network, batchSize) in Trainings)
        {
            cancellation.ThrowIfCancellationRequested();
            var plan = NetworkPlan.Compile(Network.Parse(network), digits.Train.PixelsPerImage, digits.Classes);
            float[] first = Train(device.Executors, plan, digits, batchSize), second = Train(again, plan, digits, batchSize);
            int different = first.Zip(second, (a, b) => BitConverter.SingleToInt32Bits(a) != BitConverter.SingleToInt32Bits(b))
                .Count(isDifferent => isDifferent);
            if (different > 0)
                problems.Add($"{different} of {first.Length} parameters of \"{network}\" differ when it is trained again");
            parameters += first.Length;
        }
        if (problems.Count > 0)
            throw new Discrepancy(string.Join("; ", problems));
        return $"{Trainings.Length} trainings, {parameters} parameters: the same bits";
    }

    private static float[] Train(ExecutorFactory executors, NetworkPlan plan, Dataset digits, int batchSize)
    {
        using IExecutor executor = executors.Create(plan);
        using IDeviceSamples samples = executor.Upload(digits.TrainSamples(InputScaling.Raw), batchSize);
        executor.SetParameters(Initialisation.Draw(plan, seed: 0));
        for (int epoch = 0; epoch < Epochs; epoch++)
            executor.TrainEpoch(samples, 1e-3f);
        float[] parameters = new float[plan.ParameterCount];
        executor.GetParameters(parameters);
        return parameters;
    }
}
