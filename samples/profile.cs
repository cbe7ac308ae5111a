// Shows where the time of an epoch goes, kernel by kernel:    dotnet run -c Release samples/profile.cs [DEVICE]
// Outside of this repository the first line is "#:package IlgpuDistance.Training@0.1.0".
#:project ../src/Training/Training.csproj
#:property PublishAot=false

using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Profiling;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Models;

// With profiling, a GPU takes the times itself. On the CPU the kernels run, too, only slowly: its own executor is Simd, whose
// work is the phases of blocks of samples in place of kernels.
using ComputeDevice device = ComputeDevice.Open(args is [var selector] ? selector : "auto", profiling: true);
var executors = new ExecutorFactory(device, ExecutorKind.Kernels);
Console.WriteLine(executors);

Dataset digits = Dataset.ReadDigits();
NetworkPlan plan = NetworkPlan.Compile(
    Network.Parse("linear(16) > abs > offset-l2(10) > neg"), digits.Train.PixelsPerImage, digits.Classes);
using IExecutor executor = executors.Create(plan);
executor.SetParameters(Initialisation.Draw(plan, seed: 1));
using IDeviceSamples samples = executor.Upload(digits.TrainSamples(InputScaling.Standardized));

bool Epoch()
{
    executor.TrainEpoch(samples, learningRate: 0.01f);
    return true;
}
EpochProfile profile = Profiler.Measure(executor, Epoch, epochs: 2, warmUp: 1)!;

Console.WriteLine($"{1000 * profile.EpochSeconds:0.0} ms an epoch; {profile.Timer}");
Console.WriteLine($"{"kernel",-38}{"launches",10}{"µs each",12}{"GFLOP/s",12}{"GB/s",12}");
foreach (WorkTotal work in profile.Work)
{
    Console.WriteLine($"{work.Name,-38}{work.Calls,10}{1e6 * work.Seconds / work.Calls,12:0.0}" +
        $"{work.FlopPerSecond / 1e9,12:0.000}{work.BytesPerSecond / 1e9,12:0.000}");
}
