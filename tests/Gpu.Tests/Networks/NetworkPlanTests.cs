using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Tests.Networks;

public sealed class NetworkPlanTests
{
    [Fact]
    public void Keys_and_shapes_are_those_of_a_torch_Sequential()
    {
        var plan = NetworkPlan.Compile(Network.Parse("linear(128) > abs > offset-l2(10) > neg"), 784, 10);
        Assert.Equal(["0.weight", "0.bias", "2.mu", "2.alpha"], plan.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([[128, 784], [128], [10, 128], [10, 128]], plan.Tensors.Select(tensor => tensor.Shape));
        Assert.Equal(128 * 784 + 128 + 2 * 10 * 128, plan.ParameterCount);
        Assert.Equal([784, 784, 128, 128],
            plan.Tensors.Select(tensor => tensor.FanIn).Distinct().SelectMany(n => new[] { n, n }));
    }

    [Theory]
    [InlineData("linear(7) > relu > linear(100, bias: false) > point-slope(33) > offset-l2(10)", 19)]
    [InlineData("linear(10)", 1)]
    [InlineData("offset-l2(10)", 784)]
    public void Parameters_come_back_from_the_device_layout_as_they_went_in(string network, int inputs)
    {
        var plan = NetworkPlan.Compile(Network.Parse(network), inputs, 10);
        float[] host = [.. Enumerable.Range(1, plan.ParameterCount).Select(n => (float)n)];
        float[] device = new float[plan.DeviceParameterCount], back = new float[plan.ParameterCount];
        Array.Fill(device, -1);

        plan.ToDevice(host, device);
        plan.ToHost(device, back);

        Assert.Equal(host, back);
        Assert.Equal(host.Order(), device.Where(value => value != 0).Order());
    }

    [Fact]
    public void The_device_holds_the_weights_of_Linear_by_inputs()
    {
        var plan = NetworkPlan.Compile(Network.Parse("linear(2, bias: false)"), 3, 2);
        float[] device = new float[plan.DeviceParameterCount];
        plan.ToDevice([1, 2, 3, 4, 5, 6], device);
        int stride = plan.Tensors[0].DeviceStride;
        Assert.Equal([1, 4, 2, 5, 3, 6], ((int[])[0, 1, stride, stride + 1, 2 * stride, 2 * stride + 1]).Select(n => device[n]));
    }

    [Theory]
    [InlineData("linear(128) > relu", "layer 2, \"relu\": the network ends with 128 outputs, but the data has 10 classes")]
    [InlineData("linear(128) > relu > linear(9)", "layer 3, \"linear(9)\": the network ends with 9 outputs")]
    [InlineData("linear(2000000000)", "layer 1, \"linear(2000000000)\": with")]
    [InlineData("linear(100000) > linear(100000) > linear(10)", "layer 2")]
    public void A_network_that_does_not_fit_is_refused_with_a_message_that_names_the_layer(string network, string message)
    {
        var error = Assert.Throws<InputException>(() => NetworkPlan.Compile(Network.Parse(network), 784, 10));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_without_parameters_is_refused()
    {
        var error = Assert.Throws<InputException>(() => NetworkPlan.Compile(Network.Parse("abs > neg"), 10, 10));
        Assert.Contains("nothing to learn", error.Message, StringComparison.Ordinal);
    }
}
