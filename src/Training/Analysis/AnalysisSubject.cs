using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// A network on a device with the images that it is analysed on. The images are taken to the device once; the parameters of
/// several runs can be loaded one after the other.
/// </summary>
internal sealed class AnalysisSubject : IDisposable
{
    private readonly Func<NetworkPlan, IExecutor> _createExecutor;
    private readonly Dictionary<Split, IDeviceSamples> _samples = [];
    private readonly Dictionary<string, AnalysisSubject> _related = [];

    /// <summary>A network whose parameters are zero.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="createExecutor">Makes executors on the device, which must outlive the subject.</param>
    /// <param name="dataset">The images.</param>
    /// <param name="scaling">What the network sees of a pixel.</param>
    public AnalysisSubject(NetworkPlan plan, Func<NetworkPlan, IExecutor> createExecutor, Dataset dataset, PixelScaling scaling)
    {
        Plan = plan;
        _createExecutor = createExecutor;
        Dataset = dataset;
        Scaling = scaling;
        Parameters = new float[plan.ParameterCount];
        Roles = new NetworkRoles(plan);
        Executor = createExecutor(plan);
    }

    /// <summary>The network.</summary>
    public NetworkPlan Plan { get; }

    /// <summary>The images.</summary>
    public Dataset Dataset { get; }

    /// <summary>What the network sees of a pixel.</summary>
    public PixelScaling Scaling { get; }

    /// <summary>The parameters, in the host layout.</summary>
    public float[] Parameters { get; private set; }

    /// <summary>Runs the network.</summary>
    internal IExecutor Executor { get; }

    /// <summary>Which layers are looked at.</summary>
    internal NetworkRoles Roles { get; }

    /// <summary>Sets the parameters.</summary>
    /// <param name="parameters">[<see cref="NetworkPlan.ParameterCount"/>] in the host layout.</param>
    public void Load(float[] parameters)
    {
        Executor.SetParameters(parameters);
        Parameters = parameters;
    }

    /// <summary>
    /// SHA-256 of the layers, of what the network sees of a pixel, and of the parameters, as hexadecimal digits.
    /// </summary>
    internal string Hash()
    {
        byte[] description = Encoding.UTF8.GetBytes(
            FormattableString.Invariant($"{Plan.Network}\n{Plan.Inputs}\n{Scaling.Scale:R}\n{Scaling.Shift:R}\n"));
        return Convert.ToHexStringLower(SHA256.HashData([.. description, .. MemoryMarshal.AsBytes(Parameters.AsSpan())]));
    }

    /// <summary>The images of a split.</summary>
    internal ImageSet ImagesOf(Split split) => split == Split.Train ? Dataset.Train : Dataset.Test;

    /// <summary>One layer's outputs for the images of a split, on the device.</summary>
    internal IDeviceActivations Activations(Split split, int layer) => Executor.Activations(SamplesOf(split), layer);

    /// <summary>One layer's outputs for the images of a split, in host memory: [images, outputs] row-major.</summary>
    /// <exception cref="MemoryException">They do not fit into memory.</exception>
    internal float[] ReadActivations(Split split, int layer)
    {
        IDeviceSamples samples = SamplesOf(split);
        float[] activations = HostMemory.Allocate<float>(
            (long)samples.Count * Plan.Layers[layer].Outputs, "outputs for the images");
        Executor.ReadActivations(samples, layer, activations);
        return activations;
    }

    /// <summary>Checks sums over activations, without which no statistic means anything.</summary>
    /// <exception cref="InputException">An activation is not finite.</exception>
    internal ActivationSums Checked(ActivationSums sums, int layer)
    {
        if (!sums.Sums.All(double.IsFinite) || !sums.SquareSums.All(double.IsFinite))
        {
            throw new InputException(
                $"layer {layer}, {Plan.Layers[layer].Layer}: its outputs are too large for float32 (infinite or not a " +
                    $"number) with these parameters; there is nothing to analyse");
        }
        return sums;
    }

    /// <summary>A parameter tensor of a layer: [outputs, inputs] row-major.</summary>
    internal ReadOnlySpan<float> Tensor(int layer, ParameterRole role)
    {
        ParameterTensor tensor = Plan.Layers[layer].Find(role)
            ?? throw new ArgumentException($"{Plan.Layers[layer].Layer} has no {role}", nameof(role));
        return Parameters.AsSpan(tensor.Offset, tensor.Count);
    }

    /// <summary>Another network on the same device and images, which lives as long as this one.</summary>
    internal AnalysisSubject Related(Network network)
    {
        string key = network.ToString();
        if (!_related.TryGetValue(key, out AnalysisSubject? related))
        {
            NetworkPlan plan = NetworkPlan.Compile(network, Plan.Inputs, Plan.Classes);
            _related.Add(key, related = new AnalysisSubject(plan, _createExecutor, Dataset, Scaling));
        }
        return related;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AnalysisSubject related in _related.Values)
            related.Dispose();
        foreach (IDeviceSamples samples in _samples.Values)
            samples.Dispose();
        Executor.Dispose();
    }

    private IDeviceSamples SamplesOf(Split split)
    {
        if (!_samples.TryGetValue(split, out IDeviceSamples? samples))
            _samples.Add(split, samples = Executor.Upload(ImagesOf(split).ToSamples(Scaling)));
        return samples;
    }
}
